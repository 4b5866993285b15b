"""Composition root: settings, urls, processes, wiring, the command line."""
