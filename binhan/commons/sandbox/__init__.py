"""Work on what strangers send, in a process of its own: little time, little memory, no database, no secrets. What comes
back is bytes, of a bounded number; whoever asked for them checks what they say."""
