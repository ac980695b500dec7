"""Screens: they join widgets, actions and the desk."""
