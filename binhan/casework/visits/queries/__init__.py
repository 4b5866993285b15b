"""Reads of rounds: who may see what, the doors a round covers, turfs with their doors, coverage."""
