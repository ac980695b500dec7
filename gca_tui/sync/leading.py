"""Being the one program that exchanges for a store: the lock, the line, and what is seen of the store meanwhile."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gca_tui.errors import StoreBusy
from gca_tui.store.location import exclusive
from gca_tui.store.remote import Tie, read_tie
from gca_tui.store.schema import open_reader
from gca_tui.sync.claims import Claiming
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from gca_tui.sync.status import Noting

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer

LOCK = "sync"
DOING = "Un échange avec le serveur est"
_TIE = "SELECT value FROM meta WHERE name = 'server'"
_WAITING = (
    "SELECT count(*), max(n), (SELECT count(*) FROM departure WHERE drafts <> '')"
    " FROM outbox WHERE state IN ('pending', 'in_flight') AND lost_at = ''"
)
Seen = tuple[int, ...]


@dataclass
class Link:
    """A line open to the server, and the exchanges on it. `greeted`: the server said what it allows."""

    url: str
    line: Line
    exchange: Exchange
    claiming: Claiming
    noting: Noting
    greeted: bool = False


def line_for(tie: Tie) -> Line:
    """The line to the server that a store is tied to. Raises InputError when its authority's file is gone."""
    return Line(tie.url, token=tie.token, install=tie.install, ca=tie.ca)


class Lead:
    """Takes the lock and opens the line; looks at the store through a connection that only reads."""

    def __init__(
        self,
        writer: Writer,
        make_line: Callable[[Tie], Line],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        progress: Callable[[int, int], None],
    ) -> None:
        self._writer = writer
        self._make_line = make_line
        self._now = now
        self._monotonic = monotonic
        self._progress = progress
        self._lock = threading.Lock()
        self._held: ExitStack | None = None
        self._reader = open_reader(writer.path)
        self._version = -1
        self._seen: Seen | None = None
        self._stuck: tuple[Seen, float] | None = None
        self._claims_at = math.inf
        self._closed = False
        self.link: Link | None = None

    def take(self) -> Link | None:
        """The line, opened if need be; None in a store tied to nothing, or while another program exchanges."""
        with self._lock:
            if self.link or self._closed:
                return self.link
            if self._reader.execute(_TIE).fetchone() is None or not self._alone():
                return None
            tie = self._writer.run(read_tie).result()
            if tie is None:
                return None
            self.link = link = self._open(tie)
            self._version = -1
            if self._closed:  # leaving began meanwhile
                link.line.close()
            return link

    def was_retied(self) -> bool:
        """Whether `gca connexion` gave the store another token or address; the line is then opened anew."""
        with self._lock:
            link = self.link
            if link is None or not self._moved():
                return False
            found = self._reader.execute(_TIE).fetchone()
            known = json.loads(found[0]) if found else {}
            if (known.get("token"), known.get("url")) == (link.line.token, link.url):
                return False
            link.line.close()
            self.link = None
            return True

    def waits(self, stuck: float) -> bool:
        """Whether something is to be sent. What the server left waiting counts again after `stuck` seconds."""
        with self._lock:
            if self._monotonic() >= self._claims_at:
                return True
            seen = self._seen or ()
            if not any(seen):
                return False
            return self._stuck is None or self._stuck[0] != seen or self._monotonic() - self._stuck[1] >= stuck

    def left_waiting(self, moved: bool) -> None:
        """A push is over: what still waits although nothing moved is not sent again at once."""
        with self._lock:
            self._version = -1
            self._moved()
            self._stuck = None if moved or self._seen is None else (self._seen, self._monotonic())

    def may_send(self) -> None:
        """What could not leave while corbeilles were being read is no more left waiting."""
        with self._lock:
            self._stuck = None

    def claims_later(self, seconds: float) -> None:
        """Do not ask about claims before."""
        self._claims_at = self._monotonic() + seconds

    def hang_up(self) -> None:
        """End calls in progress."""
        self._closed = True
        if link := self.link:
            link.line.close()

    def close(self) -> None:
        """Let another program exchange."""
        with suppress(RuntimeError), self._lock:
            if self._held:
                self._held.close()
            self._reader.close()

    def _alone(self) -> bool:
        if self._held is None:
            stack = ExitStack()
            try:
                stack.enter_context(exclusive(self._writer.path.parent, LOCK, DOING))
            except StoreBusy:
                return False
            self._held = stack
        return True

    def _open(self, tie: Tie) -> Link:
        line = self._make_line(tie)
        exchange = Exchange(self._writer, line, now=self._now, monotonic=self._monotonic)
        exchange.on_progress = self._progress
        claiming = Claiming(self._writer, line, tie.agent.identifiant, tie.agent.nom)
        return Link(tie.url, line, exchange, claiming, Noting(self._writer, self._now))

    def _moved(self) -> bool:
        """Look whether anybody wrote since the last look, and at what waits when somebody did."""
        version = int(self._reader.execute("PRAGMA data_version").fetchone()[0])
        if version == self._version:
            return False
        self._version = version
        self._seen = tuple(number or 0 for number in self._reader.execute(_WAITING).fetchone())
        due = self.link.claiming.due() if self.link else None
        self._claims_at = math.inf if due is None else self._monotonic() + due
        return True
