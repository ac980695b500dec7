"""T13: two programs on one store. Both type, one exchanges for both, and the other takes over when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from gca_tui.domain.commands import AddNote
from gca_tui.ids import new_id
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from gca_tui.sync import engine as engine_module
from gca_tui.sync.engine import Engine
from gca_tui.sync.line import Line
from tests.sync.faults import FaultyLine
from tests.sync.people import INES, KEYS, NOON
from tests.sync.world import World

TARGET = KEYS[1]
WITHIN = 20.0


class Program:
    """One `gca` on the store."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.writer = Writer(world.folder / "ines" / DATABASE)
        self.line = FaultyLine(world.server.transport)
        self.engine = Engine(
            self.writer,
            make_line=lambda tie: Line(tie.url, token=tie.token, install=tie.install, transport=self.line),
        )
        self.engine.start()

    def type(self, texte: str) -> None:
        common = {"id": new_id(), "caisse": TARGET[0], "matricule": TARGET[1], "author": INES, "at": NOON}
        self.writer.record([AddNote(**common, texte=texte)]).result()

    def end(self) -> None:
        self.engine.close()
        self.writer.close()


@contextmanager
def programs(world: World) -> Iterator[tuple[Program, Program]]:
    client = world.client("ines")
    client.close()
    with ExitStack() as stack:
        stack.callback(client.open)
        made = [Program(world, name) for name in ("un", "deux")]
        for one in made:
            stack.callback(one.end)
        yield made[0], made[1]


def until(done: Callable[[], bool]) -> None:
    last = time.monotonic() + WITHIN
    while not done():
        assert time.monotonic() < last
        time.sleep(0.01)


def notes(world: World) -> list[str]:
    return [note.texte for note in world.server.dossier(TARGET).notes]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LEAD", 0.05)
    monkeypatch.setattr(engine_module, "LOOK", 0.05)


def test_one_exchanges_for_both_and_the_other_takes_over(world: World) -> None:
    with programs(world) as (one, two):
        one.type("A1")
        two.type("B1")
        until(lambda: sorted(notes(world)) == ["A1", "B1"])
        busy = [program for program in (one, two) if program.line.delivered]
        assert len(busy) == 1, "one line was used"
        leader, other = busy[0], two if busy[0] is one else one
        leader.engine.close()
        other.type("B2")
        until(lambda: "B2" in notes(world))
        leader.type("A2")
        until(lambda: "A2" in notes(world))
    world.quiet()
    assert sorted(notes(world)) == ["A1", "A2", "B1", "B2"]


def test_what_one_brings_is_seen_by_the_other(world: World) -> None:
    katia = world.client("katia")
    with programs(world) as (one, two):
        until(lambda: bool(one.line.delivered or two.line.delivered))
        assert katia.give(katia.make(AddNote, TARGET, texte="De Mulhouse"))
        katia.exchange.full()
        client = world.clients["ines"]

        def seen() -> bool:
            dossier = client.visible(TARGET)
            return dossier is not None and [note.texte for note in dossier.notes] == ["De Mulhouse"]

        until(seen)
    world.quiet()
