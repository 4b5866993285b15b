"""Accounts: who can sign in. Asked by access and by every screen that shows a name."""
