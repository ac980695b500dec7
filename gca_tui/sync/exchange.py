"""The exchanges with the remote store, one request at a time; each answer is applied in one transaction.

Whatever kills the program, the store is as before a request or as after its answer, and the next start goes on: what
was on its way is sent again under the same ids, a reading of a corbeille goes on after the last dossier taken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from gca_tui import clock
from gca_tui.errors import AccessLost, Rejected, StoreBusy
from gca_tui.store import leaving, lost, receiving, remote, removals, ruling, sending
from gca_tui.store.location import exclusive
from gca_tui.sync import faults_told as told
from gca_tui.sync.answers import check_rules, parts, without_unreadable
from gca_tui.sync.aside import Aside
from gca_tui.sync.taking import take_all
from gca_tui.wire import OLDEST, PUSH_OPS, Hello, Lineage, Position, Pull, Pulled

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer
    from gca_tui.sync.line import Line

PAGE = 200
"""Dossiers written in one transaction at most: the writing thread is the agent's too."""
READ_LIMIT = 2_000
"""Dossiers of a corbeille asked for in one request: what is typed meanwhile waits for its end."""
ROUNDS = 1_000
"""More than any exchange takes; what still moves then is somebody else's work."""
PATIENCE = 3
"""Rounds without any move before they end."""
NO_SUCH_SCOPE = "corbeille"
"""What the server answers with 403 for a corbeille that this agent may not read."""

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Round:
    """What one step changed. `more`: ask again at once. `asks`: a mass removal waits for a person.

    `error` is the server's answer to a push that it did not apply.
    """

    moved: bool = False
    more: bool = False
    asks: bool = False
    error: str = ""


class Exchange:
    """The steps, for one thread that pushes and another that pulls. Each raises SyncError or StoreError.

    An answer computed before another one that is already applied would undo it: pushes, readings and recoveries go one
    at a time, and the answer to a pull is dropped where a push began since it was asked.
    """

    def __init__(
        self,
        writer: Writer,
        line: Line,
        *,
        now: Callable[[], datetime] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = writer
        self.line = line
        self._now = now
        self._aside = Aside(monotonic)
        self._alone = threading.Lock()
        self._turn = 0
        self._most = PUSH_OPS
        self.page = PAGE
        """Dossiers asked for in one pull."""
        self.on_progress: Callable[[int, int], None] = lambda done, total: None
        """Told how many dossiers of how many a first reading has brought."""

    def hello(self) -> bool:
        """Learn who this is for the server; adopt its rules and corbeilles. Says whether anything changed."""
        hello = self.line.hello()
        followed = self._run(lambda c: self._adopt(c, hello))
        self._run(lambda c: lost.settle_lost(c, self._writer.context(), self._now()))
        self._follow_rules(followed)
        return followed.settings_changed or bool(followed.added)

    def read(self) -> bool:
        """Bring one part of a corbeille that is not here whole; False where none is left to read."""
        left = self._run(self._readings)
        if left:
            self._read(left[0])
        return bool(left)

    def pull(self, wait: int = 0) -> Round:
        """Bring what moved in all corbeilles, one answer of it; waits up to `wait` seconds for something to move."""
        with self._alone:
            turn = self._turn
        asked, rights = self._run(self._question)
        pulled = self.line.pull(Pull(scopes=asked, limit=self.page, rights=rights), wait)
        if pulled is None:
            return Round()
        taken = self._run(lambda c: self._take(c, pulled, asked, turn))
        if taken is None:
            return Round(more=True)
        followed, scopes = taken
        self._follow_rules(followed)
        for scope, one in scopes.items():
            if one.error == "lineage":
                self.recover(scope)
        if any(one.removed or one.error for one in scopes.values()):
            self._scrub()
        return _round(pulled, followed, scopes)

    def recover(self, scope: str) -> None:
        """The server's journal is not the one this store knew: send again what it lost, and read it anew."""
        with self._alone:
            marks = self._run(lambda c: receiving.marks(c, scope))
            try:
                fork = self.line.lineage(Lineage(scope=scope, marks=marks))
            except AccessLost as error:
                self._lose(scope, error)
                return
            self._turn += 1
            self._run(lambda c: receiving.recover(c, scope, fork.mark, self._now()))

    def push(self) -> Round:
        """Send one batch of what waits."""
        most = self._most
        with self._alone:
            batch = self._run(lambda c: sending.next_batch(c, self._most))
            if batch is None:
                return Round()
            self._turn += 1
            try:
                pushed = self.line.push(batch.push)
                self._most = min(PUSH_OPS, 2 * self._most)
            except Rejected as error:
                pushed = without_unreadable(batch.push, error)
                self._most = max(1, min(self._most, len({op.tx for op in batch.push.ops})) // 2)
            if len(pushed.results) != len(batch.push.ops) and not pushed.error:
                raise told.garbled("des résultats manquent")
            context = self._writer.context()
            settled = self._run(lambda c: sending.settle(c, batch, pushed, context, self._now()))
        if settled.error == "clone":
            self._ask_for_another_install()
        if settled.left:
            self._scrub()
        moved = bool(settled.applied or settled.conflicts or settled.refused or settled.revoked)
        return Round(moved, (moved or self._most < most) and self._run(sending.more), error=settled.error)

    def hand_over_drafts(self) -> bool:
        """Hand what was begun on dossiers that left to the caisse that owns them; False when there is nothing."""
        drafts = self._run(leaving.drafts_to_hand)
        if drafts is None:
            return False
        self.line.leave_drafts(drafts)
        self._run(lambda c: leaving.drafts_handed(c, drafts.id))
        self._scrub()
        return True

    def full(self) -> None:
        """Exchange until nothing moves any more. What is left then: `store.waiting.sync_state`."""
        self.hello()
        idle = 0
        for _ in range(ROUNDS):
            moved = self.hand_over_drafts()
            while self.read():
                moved = True
            pulled, sent = self.pull(), self.push()
            moved = moved or pulled.moved or sent.moved
            if not (moved or pulled.more or sent.more or sent.error):
                return
            # A push that is not taken is followed by a pull that says why; when none does, going on changes nothing.
            idle = 0 if moved or sent.more else idle + 1
            if idle > PATIENCE:
                return

    def _readings(self, connection: Connection) -> list[receiving.Reading]:
        """What is to be read. One that waits for a person is asked for now and then, from its start now and again."""
        aside, asking = self._aside.waiting(removals.allowed(connection)), removals.asking(connection)
        for one in receiving.readings(connection):
            if one.after and one.scope in asking - aside and self._aside.may_reread(one.scope):
                receiving.reread(connection, one.scope)
        return [one for one in receiving.readings(connection) if one.scope not in aside]

    def _question(self, connection: Connection) -> tuple[dict[str, Position], str]:
        """Where this store is in each corbeille, and the rights it knows."""
        tie = remote.read_tie(connection)
        aside = self._aside.waiting(removals.allowed(connection))
        positions = receiving.positions(connection, asking_too=True)
        asked = {scope: position for scope, position in positions.items() if scope not in aside}
        return asked, tie.rights if tie else ""

    def _take(
        self, connection: Connection, pulled: Pulled, asked: dict[str, Position], turn: int
    ) -> tuple[remote.Followed, dict[str, receiving.Taken]] | None:
        """Apply the answer to a pull; None when it is older than what a push brought meanwhile."""
        if turn != self._turn:
            return None
        context, at = self._writer.context(), self._now()
        followed = self._adopt(connection, pulled.hello) if pulled.hello else remote.Followed()
        taken = receiving.take_pages(connection, pulled.scopes, context, at, asked)
        for scope, one in taken.items():
            if one.error == "scope":
                receiving.drop_scope(connection, scope, one.motif, at)
            elif one.differs and self._aside.may_reread(scope):
                receiving.reread(connection, scope)
            if one.asks:
                self._aside.asks(scope)
        lost.settle_lost(connection, context, at)
        return followed, taken

    def _adopt(self, connection: Connection, hello: Hello) -> remote.Followed:
        tie = remote.read_tie(connection)
        if tie and tie.server != hello.server:
            raise told.another_server()
        if hello.newest < OLDEST:
            raise told.older_server()
        check_rules(hello)
        return remote.follow(connection, hello, self._now())

    def _follow_rules(self, followed: remote.Followed) -> None:
        """Make the queue follow new rules; where another program is at it, the next start does."""
        if followed.settings_changed:
            folder = self._writer.path.parent
            with suppress(StoreBusy), exclusive(folder, "import", "Un import est"):
                ruling.follow(self._writer.engine, self._writer.context())

    def _read(self, reading: receiving.Reading) -> None:
        scope = reading.scope
        with self._alone:
            try:
                with self.line.snapshot(scope, reading.after, READ_LIMIT) as lines:
                    latest = take_all(self._writer, reading, parts(lines), self._now, self.on_progress)
            except AccessLost as error:
                self._lose(scope, error)
                return
        if not latest.complete and latest.after == reading.after:
            raise told.garbled("la lecture d’une corbeille n’avance pas")
        if latest.complete:
            self._end(scope)

    def _end(self, scope: str) -> None:
        """End a reading; it waits where a person must say whether dossiers may leave."""
        taken = self._run(lambda c: receiving.end_snapshot(c, scope, self._now()))
        if taken.removed:
            self._scrub()
        if taken.asks:
            self._aside.asks(scope)

    def _lose(self, scope: str, error: AccessLost) -> None:
        """A corbeille that the server does not open any more; any other loss of access is the caller's."""
        if error.code != NO_SUCH_SCOPE:
            raise error
        self._run(lambda c: receiving.drop_scope(c, scope, error.happened, self._now()))
        self._scrub()

    def _ask_for_another_install(self) -> None:
        """Another machine speaks under the id of this one: a copy of the store. Commands keep their ids."""
        given = self.line.new_install()
        self._run(lambda c: _put_install(c, given.install, given.token))
        self.line.identify(given.install, given.token)

    def _scrub(self) -> None:
        leaving.scrub(self._writer.engine)

    def _run(self, work: Callable[[Connection], Outcome]) -> Outcome:
        return self._writer.run(work).result()


def _round(pulled: Pulled, followed: remote.Followed, taken: Mapping[str, receiving.Taken]) -> Round:
    changed = followed.settings_changed or bool(followed.added) or pulled.hello is not None
    moved = changed or any(one.events or one.removed or one.error or one.differs for one in taken.values())
    more = any(one.ignored or pulled.scopes[scope].more for scope, one in taken.items())
    return Round(moved, more, any(one.asks for one in taken.values()))


def _put_install(connection: Connection, install: str, token: str) -> None:
    if tie := remote.read_tie(connection):
        remote.put_tie(connection, tie.model_copy(update={"install": install, "token": token}))
