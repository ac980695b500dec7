"""An import from beginning to end: one at a time on a store, then shown at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from gca_tui.domain.values import Author
from gca_tui.store.loading import Given, Loaded, recover
from gca_tui.store.location import exclusive
from gca_tui.store.writer import Writer

DOING = "Un import est"


def load_all(
    writer: Writer,
    given: Iterable[Given],
    progress: Callable[[int], None],
    absent: tuple[set[tuple[str, str]], set[tuple[str, str]], date, Author, datetime] | None = None,
) -> tuple[Loaded, int]:
    """Load dossiers and show them; with `absent`, mark those of its corbeilles that it does not hold.

    Returns what was done and how many were marked. Raises StoreBusy when another import runs.
    """
    with exclusive(writer.path.parent, "import", DOING):
        recover(writer.engine, writer.context())
        loader = writer.loader()
        loaded = loader.load(given, progress)
        gone = loader.mark_absent(*absent) if absent else 0
        if loaded.written or gone:
            loader.show()
        return loaded, gone
