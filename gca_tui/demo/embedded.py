"""The server of a demonstration, in this very process: no port, its base beside the agent's store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gca_tui.errors import GcaError, StoreError, SyncError
from gca_tui.sync.inprocess import AppTransport, LateLine
from gca_tui.sync.line import Line

if TYPE_CHECKING:
    from gca_tui.demo.colleague import Colleague, Wait
    from gca_tui.store.remote import Tie

BASE = "serveur.db"
URL = "demo://ce-poste"
"""The address that ties a store to the server of its demonstration: one that no network has."""
_LEAVE = 1.0
"""Seconds that leaving waits for the colleague to put down what he does."""


class Office:
    """The server, running. Raises StoreError when its base is not there and `make` is not said."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        from gca_tui.server.app import make_app
        from gca_tui.server.base import open_base
        from gca_tui.server.service import Service

        path = folder / BASE
        if not make and not path.exists():
            raise StoreError("La base du serveur de la démonstration n’est plus là.")
        self.service = Service(open_base(path))
        try:
            self.application = AppTransport(make_app(self.service))
        except BaseException:
            self.service.close()
            raise

    def line(self) -> Line:
        """A line to it, for somebody it does not know yet."""
        return Line(URL, transport=self.application.line())

    def colleague(self, store: Path, wait: Wait) -> Colleague:
        """The one who works there too, beside the agent of that store."""
        from gca_tui.demo.colleague import Colleague

        return Colleague(self.service.base, self.line, store, wait)

    def close(self) -> None:
        """End what is in progress, then close the base."""
        self.service.bell.close()
        self.application.close()
        self.service.close()


class Embedded:
    """The server as an open screen needs it: loaded in a thread once the first line is asked for.

    Of several programs on one store only the one that exchanges asks for a line, so that there is one server and one
    colleague at a time. `wait` is how the colleague waits; a test gives another.
    """

    def __init__(self, store: Path, wait: Wait | None = None, *, office: Callable[[Path], Office] = Office) -> None:
        self._store = store
        self._make = office
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._lock = threading.Lock()
        self._late: list[LateLine] = []
        self._office: Office | None = None
        self._colleague: Colleague | None = None
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name="gca-demo", daemon=True)

    def line_for(self, tie: Tie) -> Line:
        """A line to the server that a store is tied to; it comes at once, its first request waits for the server."""
        late = LateLine()
        with self._lock:
            self._late.append(late)
            if self._office or self._has_failed or self._stop.is_set():
                late.supply(self._office.application if self._office else None)
            elif self._thread.ident is None:
                self._thread.start()
        return Line(tie.url, token=tie.token, install=tie.install, ca=tie.ca, transport=late)

    def close(self) -> None:
        """Stop the colleague, then the server. Lines are closed by who has them."""
        self._stop.set()
        with self._lock:
            colleague = self._colleague
        if colleague:
            colleague.close()
        if self._thread.is_alive():
            self._thread.join(_LEAVE)
        with self._lock:
            office, self._office = self._office, None
        if office:
            office.close()

    def _run(self) -> None:
        try:
            office = self._make(self._store.parent)
        except Exception as error:
            self._keep(error)
            self._supply(None)
            return
        if self._supply(office):
            self._play(office)

    def _supply(self, office: Office | None) -> bool:
        """Let the lines through; False when nobody wants the server any more."""
        with self._lock:
            self._has_failed = office is None
            if self._stop.is_set():
                if office:
                    office.close()
                office = None
            self._office = office
            for late in self._late:
                late.supply(office.application if office else None)
        return office is not None

    def _play(self, office: Office) -> None:
        try:
            colleague = office.colleague(self._store, lambda seconds: self._wait(seconds) or self._stop.is_set())
            with self._lock:
                self._colleague = colleague
            try:
                if colleague.is_enrolled:
                    colleague.play()
            finally:
                colleague.close()
        except Exception as error:
            self._keep(error)

    def _keep(self, error: Exception) -> None:
        """What nobody foresaw is kept in the log; the screen shows that the server is not there, or nobody at work."""
        if self._stop.is_set() or isinstance(error, SyncError | GcaError):
            return
        from gca_tui.crash import told

        with suppress(Exception):
            told(error, self._store.parent)
