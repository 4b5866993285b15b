"""Office pages of rounds: the list and the draft, a round with its verbs, a turf with its walk, how far a round has come.

They do nothing that the API does not: each button calls the same function, with the same rights.
"""
