"""The only writers of rounds, turfs and visits."""
