"""The only writers of corrections at a door, and of what two people wrote differently."""
