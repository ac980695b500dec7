"""What the program costs the person at the terminal: time, bytes and memory, against stated goals."""
