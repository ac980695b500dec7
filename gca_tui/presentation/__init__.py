"""Dossiers and data as text, for the screen and the line commands alike."""
