"""Bình An: SOS and door-to-door casework for Vietnamese wards."""
