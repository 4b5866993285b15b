"""What may be stored and what it must look like: kinds and their types, bytes that are what they say, a picture without
where it was taken."""
