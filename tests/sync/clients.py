"""An agent's machine: a real store in a folder, its real Writer and Exchange, and what was typed on it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, event

from gca_tui import clock
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.errors import SyncError, UnknownDossier
from gca_tui.ids import new_id
from gca_tui.store import resolving
from gca_tui.store.location import DATABASE
from gca_tui.store.remote import read_tie
from gca_tui.store.writer import Writer
from gca_tui.sync.claims import Claiming
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from gca_tui.wire import PAGE, Pull, Pulled
from tests.sync.faults import FaultyLine

Key = tuple[str, str]
IN_OUTBOX = ("pending", "in_flight", "conflict", "refused", "revoked")


def keep_theirs(connection: Connection, name: str, context: Context) -> bool:
    """Leave the server's values of a command in conflict; what waits for another one of its transaction is given up."""
    rows = connection.exec_driver_sql("SELECT path FROM conflict WHERE command_id = ?", (name,))
    theirs = {row[0]: resolving.THEIRS for row in rows}
    return (
        resolving.resolve(connection, name, theirs, context) if theirs else resolving.discard(connection, name, context)
    )


class Died(BaseException):
    """The program was killed just before a commit."""


class PagedLine(Line):
    """Asks for pages of a few dossiers."""

    page = PAGE

    def pull(self, pull: Pull, wait: int = 0) -> Pulled | None:
        return super().pull(pull.model_copy(update={"limit": self.page}), wait)


@dataclass(frozen=True)
class Typed:
    """A command given on this machine. `saw`: every command in the dossier that its author had before their eyes."""

    command: Command
    saw: frozenset[str]

    @property
    def key(self) -> Key:
        return self.command.caisse, self.command.matricule


@dataclass
class Client:
    """One machine. `gone` are the commands its agent took back or dropped by choice."""

    name: str
    author: Author
    folder: Path
    inner: httpx.BaseTransport
    typed: dict[str, Typed] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.line = FaultyLine(self.inner)
        self._commits = -1
        self.open()

    def open(self) -> None:
        """Start the program on this store."""
        self.writer = Writer(self.folder / DATABASE)
        event.listen(self.writer.engine, "commit", self._before_commit)
        tie = self.writer.run(read_tie).result()
        assert tie is not None
        self.install = tie.install
        self.calls = PagedLine(tie.url, token=tie.token, install=tie.install, transport=self.line)
        self.exchange = Exchange(self.writer, self.calls)
        self.claiming = Claiming(self.writer, self.calls, self.author.identifiant, self.author.nom)

    def crash(self) -> None:
        """End the program as kill -9 does: nothing is finished, its locks are free; then start it again."""
        self.die_at(-1)
        self.writer._presence.leave()
        self.writer._executor.shutdown()
        self.writer.engine.dispose()
        self.open()

    def close(self) -> None:
        """Quit."""
        self.writer.close()

    def copy_to(self, folder: Path) -> None:
        """A copy of the whole data folder, as of a virtual machine."""
        shutil.copytree(self.folder, folder)

    def die_at(self, commit: int) -> None:
        """Be killed before the commit that comes after that many others; -1: not."""
        self._commits = commit

    def _before_commit(self, _: Connection) -> None:
        if self._commits == 0:
            raise Died
        self._commits -= self._commits > 0

    def give(self, *commands: Command) -> bool:
        """Type commands together; whether this machine took them."""
        seen = {command.key: self.visible((command.caisse, command.matricule)) for command in commands}
        try:
            self.writer.record(commands).result()
        except (CommandRefused, UnknownDossier):
            return False
        for command in commands:
            before = seen[command.key]
            ids = frozenset(entry.id for entry in before.history) if before else frozenset()
            self.typed[command.id] = Typed(command, ids | {one.id for one in commands})
        return True

    def undo(self) -> None:
        """Take back the last thing not sent."""
        with suppress(CommandRefused):  # it was sent already
            self.gone |= {command.id for command in self.writer.undo().result()}

    def make(self, kind: type[Command], key: Key, **fields: Any) -> Command:
        """A command of this agent."""
        common = {"id": new_id(), "caisse": key[0], "matricule": key[1], "author": self.author, "at": clock.now()}
        return kind(**common, **fields)

    def attempt(self, step: Callable[[], Any]) -> Any:
        """Exchange something; what goes wrong on the line is no surprise, a death is followed by a new start."""
        try:
            return step()
        except SyncError:
            return None
        except Died:
            self.crash()
            return None

    def visible(self, key: Key) -> Dossier | None:
        """A dossier as the agent sees it."""
        found = self.rows(
            "SELECT t.document FROM dossier d JOIN document t ON t.dossier_id = d.id"
            " WHERE d.caisse = ? AND d.matricule = ? ORDER BY d.since LIMIT 1",
            *key,
        )
        return Dossier.from_json(found[0][0]) if found else None

    def mirror(self) -> dict[Key, tuple[str, int, str, str]]:
        """What the store holds of the server: corbeille, revision, hash, document."""
        found = self.rows(
            "SELECT s.caisse, s.matricule, s.scope, s.rev, s.h, coalesce(t.mirror, t.document) FROM synced s"
            " JOIN dossier d ON d.caisse = s.caisse AND d.matricule = s.matricule"
            " JOIN document t ON t.dossier_id = d.id"
        )
        return {(row[0], row[1]): tuple(row[2:]) for row in found}

    def keys(self) -> set[Key]:
        """The dossiers that are in the store at all."""
        return {(row[0], row[1]) for row in self.rows("SELECT caisse, matricule FROM dossier")}

    def outbox(self) -> dict[str, str]:
        """The state of each command that is still here."""
        return {row[0]: row[1] for row in self.rows("SELECT command_id, state FROM outbox ORDER BY n")}

    def acked(self) -> set[str]:
        """The commands that the server has said to have."""
        return {row[0] for row in self.rows("SELECT command_id FROM acked")}

    def digests(self) -> dict[str, str]:
        """The digest of each corbeille followed."""
        return {row[0]: row[1] for row in self.rows("SELECT scope, digest FROM corbeille")}

    def notice(self) -> None:
        """What was refused on a dossier that left goes to the server again, under another id: follow it."""
        rows = self.rows("SELECT command_id, command FROM outbox")
        known = self.line.pushed | {row[0]: json.loads(row[1]) for row in rows if row[0] not in self.typed}
        by_moment = {(one.command.kind, one.command.at): name for name, one in self.typed.items()}
        for name, said in known.items():
            if name not in self.typed:
                command = ANY_COMMAND.validate_python(said)
                old = by_moment.get((command.kind, command.at))
                if old is None:  # another program typed it
                    continue
                self.gone.add(old)
                self.typed[name] = Typed(command, self.typed[old].saw | {old, name})

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """What the file says."""
        with self.raw() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None, timeout=30)) as connection:
            yield connection

    def settle(self, choice: str, history: Callable[[Key], list[str]]) -> bool:
        """Decide on the first conflict, or give up the first refusal; says whether there was one."""
        found = self.rows("SELECT command_id, tx, state FROM outbox WHERE state IN ('conflict', 'refused') ORDER BY n")
        if not found:
            return False
        name, tx, state = found[0]
        together = {row[0] for row in self.rows("SELECT command_id FROM outbox WHERE tx = ?", tx)}
        before = set(self.outbox())
        context = self.writer.context()
        act = {
            ("conflict", "mine"): lambda c, one, now: resolving.resolve(c, one, {}, now),
            ("conflict", "theirs"): keep_theirs,
            ("refused", "mine"): resolving.retry,
            ("refused", "theirs"): resolving.discard,
        }[state, choice]
        self.writer.run(lambda c: act(c, name, context)).result()
        after = self.rows("SELECT command_id, command FROM outbox")
        self.gone |= together - {row[0] for row in after}
        for new, text in after:
            if new not in before:
                command = ANY_COMMAND.validate_json(text)
                saw = frozenset(history((command.caisse, command.matricule)))
                self.typed[new] = Typed(command, saw | together | {row[0] for row in after})
        return True
