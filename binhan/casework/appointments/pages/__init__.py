"""A resident's own page of a visit, and the office's board of what is promised."""
