"""How templates show numbers."""
