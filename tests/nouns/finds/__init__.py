"""Finds: owns things that somebody found and handed in at the ward, until their owner has them back."""
