"""What measures of the shared store need: its bases, its process, and clients that call it as many desks do."""
