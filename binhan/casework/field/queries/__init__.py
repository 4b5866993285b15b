"""What a phone is handed, and what the office sees of phones and conflicts."""
