"""Roads: `osm` reads what may be walked from an OpenStreetMap file, `walking` measures from door to door along it."""
