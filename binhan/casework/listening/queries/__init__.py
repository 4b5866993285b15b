"""Reads of what was heard: issues for whom they concern, the code lists, the promises that are due or late."""
