"""The household register: doors, who occupies them, and the people – only what a purpose needs."""
