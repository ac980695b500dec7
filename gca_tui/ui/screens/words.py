"""What the last line says of an error."""

from __future__ import annotations

from pathlib import Path

from gca_tui.errors import GcaError


def unwritten(error: BaseException) -> str:
    """An error of the writing side; a command that is refused says why itself."""
    if reason := getattr(error, "reason", ""):
        return str(reason)
    if isinstance(error, GcaError):
        return str(error)
    return f"Enregistrement impossible ({type(error).__name__}). Ce que vous avez tapé est gardé dans le brouillon."


def unforeseen(error: Exception, folder: Path) -> str:
    """An error that nobody foresaw, whose place is kept in a folder; a foreseen one in its own words."""
    if isinstance(error, GcaError):
        return str(error)
    from gca_tui.crash import told

    words = told(error, folder)
    return words[:1].upper() + words[1:]
