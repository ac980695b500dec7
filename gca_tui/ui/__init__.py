"""What agents see and type: Textual screens over the store. Nothing imports this room."""
