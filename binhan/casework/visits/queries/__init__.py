"""Reads of rounds: who may see what, the ground a round covers, turfs with their doors, coverage."""
