"""Composition root: settings, urls, wiring, office, the database contract; what the contexts become together."""
