"""Phones: owns the teams' phones – registering, wiping, what was answered to each item that they sent, and carrying a
working set to them. It knows no noun: what a phone carries and what it sends, each context says in its own `phone.py`.
"""
