"""A server and the machines of two agents, made in a few milliseconds from a ground prepared once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gca_tui import clock
from gca_tui.domain.values import Author
from gca_tui.server import backup, restoring, verifying
from gca_tui.server.enrolling import install_for
from gca_tui.server.service import Service
from gca_tui.store import driver, receiving
from gca_tui.store.location import DATABASE
from gca_tui.store.remote import Tie, put_tie
from gca_tui.store.writer import Writer
from gca_tui.sync import exchange
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from gca_tui.wire import SCHEMA
from tests.sync.clients import Client
from tests.sync.oracles import (
    closing_rule_holds,
    digests_of,
    notes_kept,
    notes_once,
    nothing_lost_silently,
    nothing_vanished,
    one_place,
    said_and_done,
    same,
)
from tests.sync.people import INES, KATIA, NOON
from tests.sync.server import Rows, Server

MACHINES: dict[str, Author] = {"katia": KATIA, "ines": INES, "ines-maison": INES}
URL = "http://serveur.invalid"
ROUNDS = 12


class Clock:
    """What the machines take for the present moment."""

    ahead = timedelta()
    ticks = 0

    @classmethod
    def now(cls) -> datetime:
        """A little later each time."""
        cls.ticks += 1
        return NOON + cls.ahead + timedelta(milliseconds=cls.ticks)


class Digests:
    """The corbeilles of which a copy was found to differ: a new reading mends that, and would hide the fault."""

    differed: ClassVar[list[str]] = []

    @classmethod
    def watch(cls, look: Callable[[Any, str, Any], bool]) -> Callable[[Any, str, Any], bool]:
        """The same look, remembered."""

        def looked(connection: Any, scope: str, page: Any) -> bool:
            differs = look(connection, scope, page)
            if differs:
                cls.differed.append(scope)
            return differs

        return looked


@contextmanager
def hurried() -> Iterator[None]:
    """No test in this process needs what survives a power cut; the machines' clock is the tests'."""
    quick = tuple(one.replace("synchronous = FULL", "synchronous = OFF") for one in driver._EVERY_CONNECTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(driver, "_EVERY_CONNECTION", quick)
        patch.setattr(clock, "now", Clock.now)
        patch.setattr(exchange, "READ_LIMIT", 2)
        patch.setattr(receiving, "digest_differs", Digests.watch(receiving.digest_differs))
        yield


@dataclass(frozen=True)
class Ground:
    """A running server, what it held at first, and stores that are up to date with it."""

    server: Server
    rows: Rows
    folder: Path

    def close(self) -> None:
        """Stop the server."""
        self.server.close()


@dataclass(frozen=True)
class Saved:
    """The server at one moment: as `gca serveur sauvegarder` writes it, and as its disk is."""

    path: Path
    rows: Rows


def prepare(where: str | Path, folder: Path) -> Ground:
    """Make a ground on a new base."""
    server = Server(where)
    server.people((KATIA, INES))
    for name, author in MACHINES.items():
        store(server, author, folder / name)
    return Ground(server, server.backup(), folder)


def store(server: Server, author: Author, folder: Path, *, read: bool = True) -> Path:
    """A store tied to the server for that agent; `read`: it has all its dossiers already."""
    folder.mkdir(parents=True, mode=0o700)
    with server.base.write() as connection:
        made = install_for(connection, author.identifiant, folder.name, SCHEMA, server.now())
    line = Line(URL, token=made.token, install=made.install, transport=server.transport)
    hello = line.hello()
    tie = Tie(
        url=URL,
        server=hello.server,
        epoch=hello.epoch,
        install=made.install,
        token=made.token,
        agent=hello.agent,
        rights=hello.rights,
        scopes=hello.scopes,
    )
    writer = Writer(folder / DATABASE)
    writer.set_author(author).result()
    writer.run(lambda c: put_tie(c, tie)).result()
    if read:
        Exchange(writer, line).full()
    writer.close()
    return folder


class World:
    """One history: the ground as it was at first, and machines opened on copies of its stores."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.server = ground.server
        self.server.ahead = timedelta()
        self.server.restore(ground.rows)
        Clock.ahead, Clock.ticks = timedelta(), 0
        Digests.differed.clear()
        self.folder = folder
        self.ground = ground
        self.clients: dict[str, Client] = {}
        self.thresholds = {self.server.settings().threshold}
        self.forgotten: set[str] = set()
        """Work set aside, or on dossiers that left, that went with a disk."""
        self._saved = 0

    def save(self) -> Saved:
        """Take a backup."""
        self._saved += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"sauvegarde-{self._saved}.gz"
        backup.save(self.server.service, path)
        return Saved(path, self.server.backup())

    def restore(self, saved: Saved, *, told: bool = True) -> None:
        """Put it back, by the program (`told`) or with the disk."""
        before, answered = self.server.quarantined(), self.server.answered()
        if told:
            restoring.restore(self.server.service, saved.path, replace=True)
        else:
            self.server.restore(saved.rows)
        self.forgotten |= before - self.server.quarantined()
        lost = answered.keys() - self.server.answered().keys()
        self.forgotten |= lost & set().union(*map(_left_to_the_server, self.clients.values()))

    def client(self, name: str) -> Client:
        """That machine, switched on at its first use."""
        if name not in self.clients:
            folder = self.folder / name
            shutil.copytree(self.ground.folder / name, folder)
            self.clients[name] = Client(name, MACHINES[name], folder, self.server.transport)
        return self.clients[name]

    def close(self) -> None:
        """Switch everything off; the server stays."""
        for client in self.clients.values():
            client.die_at(-1)
            client.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def typed(self) -> dict[str, Any]:
        """Everything typed on any machine."""
        return {name: one for client in self.clients.values() for name, one in client.typed.items()}

    def check(self) -> None:
        """What must hold at any moment."""
        for client in self.clients.values():
            client.notice()
        held = self.server.held()
        loosest = self.server.settings().model_copy(update={"threshold": max(self.thresholds)})
        with self.server.base.read() as connection:
            context = self.server.service.context(connection)
        closing_rule_holds(held, type(context)(context.today, context.calendars, loosest, context.lexicon))
        notes_once(held)
        nothing_lost_silently(held, self.typed, ())
        assert not self.server.transport.failures, self.server.transport.failures
        for client in self.clients.values():
            nothing_vanished(client, *self._places(client))
            assert not [one for one in client.line.delivered if one[2] >= 500], client.line.delivered

    def quiet(self, names: Callable[[str], bool] = lambda name: True) -> None:
        """Let everybody exchange on a good line until nothing moves, then look at everything."""
        clients = [client for name, client in self.clients.items() if names(name)]
        for client in clients:
            client.die_at(-1)
            client.line.expect(())
            client.line.deliver_kept()
        before = None
        for _ in range(ROUNDS):
            for client in clients:
                client.exchange.full()
            now = (self.server.held(), [client.outbox() for client in clients])
            waits = any(state in ("pending", "in_flight") for outbox in now[1] for state in outbox.values())
            if now == before and not waits:
                break
            if now == before:
                Clock.ahead += timedelta(hours=25)
                self.server.ahead += timedelta(hours=25)
            before = now
        self.check()
        self.judge(clients)

    def judge(self, clients: list[Client]) -> None:
        """What must hold once all is quiet."""
        assert not Digests.differed, ("a digest differed", Digests.differed)
        held = self.server.held()
        digests = self.stated_digests()
        assert {scope: digests[scope] for scope in digests_of(held)} == digests_of(held)
        for client in clients:
            scopes = self.scopes(client)
            same(client, held, scopes, digests)
            notes_kept(client, held)
            said_and_done(client, held)
            one_place(client, *self._places(client))
        verify(self.server)

    def _places(self, client: Client) -> tuple[dict[str, str], set[str]]:
        """What the server says of each command, and what is set aside or went with a disk."""
        return self.server.answered(), self.server.quarantined() | self.forgotten

    def scopes(self, client: Client) -> tuple[str, ...]:
        """The corbeilles open to that machine's agent now."""
        return self.server.open_to(client.install)

    def stated_digests(self) -> dict[str, str]:
        """The digests as the server keeps them."""
        return self.server.digests()


def _left_to_the_server(client: Client) -> set[str]:
    """The commands that a machine cannot send again: once the server has them it keeps none on dossiers that left."""
    held, here = client.gone | set(client.outbox()) | client.acked(), client.keys()
    return {name for name, one in client.typed.items() if name not in held and one.key not in here}


def verify(server: Server) -> None:
    """What `gca serveur verifier` says: nothing is wrong (I10), rules changed since a closing apart."""
    verify_service(server.service)


def verify_service(service: Service) -> None:
    """The same for any base."""
    faults = [fault for fault in verifying.verify(service).faults if fault.check != "clôture"]
    assert not faults, faults
