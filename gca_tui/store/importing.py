"""An import from beginning to end: one at a time on a store, then shown at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gca_tui.domain.values import Author
from gca_tui.store.loading import Given, Key, Loaded, Orders, recover
from gca_tui.store.location import exclusive
from gca_tui.store.writer import Writer

DOING = "Un import est"


@dataclass(frozen=True)
class Absent:
    """What to mark as « absente de l'extrait »: the dossiers of these corbeilles that are not among those seen."""

    scopes: set[tuple[str, str]]
    seen: set[Key]
    le: date
    author: Author
    at: datetime


def load_all(
    writer: Writer,
    given: Iterable[Given] | Orders,
    progress: Callable[[int], None],
    absent: Absent | None = None,
    *,
    dry: bool = False,
) -> tuple[Loaded, int]:
    """Load dossiers and show them; a dry one is prepared the same way, then taken away.

    Returns what was done and how many dossiers were marked absent. Raises StoreBusy when another import runs.
    """
    with exclusive(writer.path.parent, "import", DOING):
        recover(writer.engine, writer.context())
        loader = writer.loader()
        loaded = loader.load(given, progress)
        gone = loader.mark_absent(absent.scopes, absent.seen, absent.le, absent.author, absent.at) if absent else 0
        if dry:
            recover(writer.engine, writer.context())
        elif loaded.written or gone:
            loader.show()
        return loaded, gone
