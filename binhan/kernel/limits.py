"""Limits that several floors keep: one enforces what another says."""
from __future__ import annotations

UPLOAD_MAX = 25 * 2**20  # bytes of a form with a file in it, at the front door; longer files go in by the command line
API_MAX = 2**20  # bytes of any other body. Django's own limit too: what it leaves unread costs the next request its line
SIGN_IN_MAX = 64 * 2**10  # bytes of a form that anybody may send: signing in, a resident's slip
