"""Pure planning: `doors` reads and checks a list of doors, `turfs` plans it; `split`, `exchange`, `walk` are its steps
on the `door_graph` of one of its `blocks`."""
