"""The next visit: offered by the team, chosen, moved or declined by the resident with a code."""
