"""What may be on a phone and what it may send. Pure: no database and no clock but the one that is given."""
