"""The SOS half over HTTP: incidents, assignments, units and shifts, the desk."""
