"""What `up` runs, one module each with main(*arguments): loaded by the fork server once, run in a process of its own."""
