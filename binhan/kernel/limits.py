"""Limits that several floors keep: one enforces what another says."""
from __future__ import annotations

UPLOAD_MAX = 25 * 2**20  # bytes of a form with a file in it, at the front door; longer files go in by the command line
