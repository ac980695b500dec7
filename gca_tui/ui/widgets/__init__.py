"""Widgets: they show and report, do no I/O and know no store. Import the module you need, not the package."""
