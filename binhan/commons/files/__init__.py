"""Stored files: content-addressed, hashed on arrival, refused whole when the disk is full."""
