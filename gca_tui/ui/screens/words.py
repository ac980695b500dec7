"""What the last line says of an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gca_tui.errors import GcaError

if TYPE_CHECKING:
    from textual.app import App


class Refusing(Protocol):
    """A screen that says why something cannot be done."""

    @property
    def app(self) -> App[Any]:
        """The program."""

    def refuse(self, text: str) -> None:
        """Say it."""


@contextmanager
def refusals(screen: Refusing, folder: Path) -> Iterator[None]:
    """Have the screen say why what is done here was not done. Without a terminal an unforeseen error goes up."""
    try:
        yield
    except GcaError as error:
        screen.refuse(str(error))
    except Exception as error:
        if screen.app.is_headless:
            raise
        screen.refuse(unforeseen(error, folder))


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
