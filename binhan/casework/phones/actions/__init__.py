"""The only writers of phones and of what their items were answered."""
