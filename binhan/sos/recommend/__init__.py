"""Which unit to send, and why."""
