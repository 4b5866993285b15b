"""What comes back from the field, over HTTP."""
