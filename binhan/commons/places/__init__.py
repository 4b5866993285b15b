"""Wards, khu phố and place codes; which ward a point belongs to."""
