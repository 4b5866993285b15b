"""Pure measuring: `graph` is the road graph, `modes` who may use which road, `packed` the graph as bytes, `walking` metres
on foot along it, `distances` the protocol and the straight line."""
