"""Visits from door to door: owns how a round is cut into turfs and in which order a team walks them.

`rules` plans (pure: doors in, turfs out); `roads` reads road files and measures on foot along them. Whoever may plan a
round may ask; nothing here stores anything.
"""
