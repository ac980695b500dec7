"""The exchange with the remote store, as screens know it: begun once there is time, hurried, ended without waiting."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gca_tui.store.remote import Tie
    from gca_tui.store.writer import Writer
    from gca_tui.sync.claims import Claiming, Refused
    from gca_tui.sync.engine import Engine
    from gca_tui.sync.line import Line

    MakeLine = Callable[[Tie], Line]
    """How a store reaches its server."""


class Syncing:
    """The engine of one tied store, in its own threads; `writer` gives what writes. Nothing here waits for a line.

    `make_line`: another way to the server than the network, where there is one.
    """

    def __init__(self, writer: Callable[[], Writer], make_line: MakeLine | None = None) -> None:
        self._writer = writer
        self._make_line = make_line
        self._lock = Lock()
        self._engine: Engine | None = None
        self._is_over = False
        self.on_refused: Callable[[list[Refused]], None] = lambda _: None
        """Told, in a thread of the exchange, of what was taken here without network and that somebody else has."""

    def start(self) -> None:
        """Begin; a second call does nothing. For a thread: it loads what speaks to the network."""
        from gca_tui.sync.engine import Engine
        from gca_tui.sync.leading import line_for

        with self._lock:
            if self._engine is None and not self._is_over:
                self._engine = Engine(self._writer(), make_line=self._make_line or line_for)
                self._engine.on_refused = self.on_refused
                self._engine.start()

    def poke(self) -> None:
        """Send and receive now, whatever the last attempt said."""
        if self._engine is not None:
            self._engine.poke()

    @property
    def claiming(self) -> Claiming | None:
        """What takes and gives back dossiers on the remote store; None while it is not spoken to."""
        return self._engine.claiming if self._engine is not None else None

    def close(self) -> None:
        """End; what was not sent stays in the store."""
        with self._lock:
            self._is_over = True
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
