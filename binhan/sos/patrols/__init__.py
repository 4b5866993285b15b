"""Units, their shifts and their positions."""
