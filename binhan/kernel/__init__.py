"""Pure Python, standard library only: lifecycles, clocks, working days, geometry, text, ids, errors."""
