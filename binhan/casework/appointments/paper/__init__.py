"""A turf on paper: the walk list for a team whose phone is flat, and the slips it leaves at the doors."""
