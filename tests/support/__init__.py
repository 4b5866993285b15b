"""What tests share: running stacks, small made-up data."""
