"""Reads of the register: what an account may see of it, search, doors in walking order with their people, changes."""
