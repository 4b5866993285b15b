"""Roads of a ward: owns the road graph, its import and its versions, and measures along it from point to point.

`imports` reads an OpenStreetMap file; `rules` is the graph and the measuring, pure; one version per ward is kept, dated,
and replaced at once. It knows points on the ground and modes of travel (on foot now), never who travels or why. Whoever
plans a way – walks of a round, the way of a patrol – asks `queries`.
"""
