"""Visits from door to door: owns rounds, their teams and turfs, what happened at each door, and how far a round has come.

`rules` plans and counts (pure); how far it is from door to door, the roads context says. Planners of the ward make and
move rounds; the team of a turf records its visits. What residents said is the `listening` context's, which stands on this
one: a record of it lives on, with its own desk and clock, long after the visit.
"""
