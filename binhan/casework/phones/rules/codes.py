"""Limits of a phone and of what it sends."""
from __future__ import annotations

SCHEMA = 1  # of the items that phones send; older ones are lifted (rules/lift.py)
ITEMS_MAX = 100
NAME_MAX, REASON_MAX = 80, 300
BUDGET = ("field.documents_max", "field.turfs_max", "field.bytes_max")
PIN = ("field.pin_digits", "field.pin_tries", "field.idle_lock")
