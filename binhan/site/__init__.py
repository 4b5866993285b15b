"""Composition root: settings, urls, the list of contexts, office, database contract; what the contexts become together."""
