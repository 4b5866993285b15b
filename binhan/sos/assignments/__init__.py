"""A unit's task on an incident: offered, accepted, en route, on scene, done."""
