"""The team's phones: what each is handed for the day, what comes back, and what two people changed at once."""
