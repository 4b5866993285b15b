"""Measurements of a whole running system, each beside a limit measured in the same run: python -m bench."""
