"""The sample data: a ward with made-up people, doors, patrols and a round, which say so. Written through actions only."""
