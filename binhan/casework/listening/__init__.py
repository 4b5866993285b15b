"""Listening: owns what residents said, and that it is answered. A context of its own, above visits: a record of what was
heard has its own life, desk and clock, and outlives the visit and the round. What belongs under its own law – a complaint,
a denunciation, a crime, violence at home or against a child – is not kept here: only that it was routed out, and where to.
"""
