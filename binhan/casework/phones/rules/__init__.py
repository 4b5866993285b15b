"""Uploads and documents as such. Pure: no database and no clock but the one that is given."""
