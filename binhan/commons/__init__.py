"""Nouns that both halves need: people, access, journal, clocks, notify, files, places, roads; and the sandbox."""
