"""Pictures, voice notes and sketches: stored in parts, whole or not at all, for a subject and a purpose."""
