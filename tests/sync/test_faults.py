"""T2: each fault on each call ends well. What was typed is there once, and both sides agree to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gca_tui.domain.commands import AddNote, CorrectContactDetails, Take
from gca_tui.store import drafts
from tests.sync.clients import Client
from tests.sync.faults import FAULTS, Fault
from tests.sync.people import DELEGATED, INES, KEYS, Key
from tests.sync.world import World

FIRST, SECOND = KEYS[1], KEYS[2]
Scenario = Callable[[World], tuple[Client, Callable[[], object]]]


def typed(client: Client, key: Key = FIRST) -> None:
    assert client.give(client.make(AddNote, key, texte="Rappeler jeudi."))
    assert client.give(client.make(CorrectContactDetails, key, commune="Thann"))


def pushing(world: World) -> tuple[Client, Callable[[], object]]:
    client = world.client("ines")
    typed(client)
    return client, client.exchange.push


def pulling(world: World) -> tuple[Client, Callable[[], object]]:
    other, client = world.client("katia"), world.client("ines")
    typed(other)
    other.exchange.full()
    typed(client, SECOND)
    return client, client.exchange.pull


def greeting(world: World) -> tuple[Client, Callable[[], object]]:
    client = world.client("ines")
    typed(client)
    world.server.set_threshold(300_000)
    return client, client.exchange.hello


def reading(world: World) -> tuple[Client, Callable[[], object]]:
    """The agent had lost the corbeille, and gets it back."""
    client = world.client("ines")
    world.server.let(INES.identifiant, DELEGATED, False)
    client.exchange.full()
    assert client.keys() == set()
    world.server.let(INES.identifiant, DELEGATED, True)
    return client, client.exchange.full


def recovering(world: World) -> tuple[Client, Callable[[], object]]:
    client = world.client("ines")
    saved = world.server.backup()
    typed(client)
    client.exchange.full()
    world.server.restore(saved)
    typed(client, SECOND)
    return client, client.exchange.full


def handing_over(world: World) -> tuple[Client, Callable[[], object]]:
    client = world.client("ines")
    typed(client)
    place = drafts.Place(*FIRST, drafts.NOTE)
    client.writer.put_draft(place, {"texte": "Commencée et pas finie."}).result()
    world.server.reassign(FIRST, "681")
    return client, client.exchange.full


def claiming(world: World) -> tuple[Client, Callable[[], object]]:
    client = world.client("ines")
    assert client.give(client.make(Take, FIRST))
    return client, client.claiming.contact


SCENARIOS: dict[str, tuple[str, Scenario]] = {
    "push": ("/sync/push", pushing),
    "pull": ("/sync/pull", pulling),
    "hello": ("/hello", greeting),
    "snapshot": ("/sync/snapshot", reading),
    "lineage": ("/sync/lineage", recovering),
    "drafts": ("/sync/drafts", handing_over),
    "claims": ("/claims", claiming),
}


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind])
@pytest.mark.parametrize("name", SCENARIOS)
def test_each_fault_on_each_call_ends_well(world: World, name: str, kind: str) -> None:
    path, scenario = SCENARIOS[name]
    client, step = scenario(world)
    client.line.expect([Fault(kind, path)] * 2)
    for _ in range(3):
        client.attempt(step)
    client.attempt(client.exchange.full)
    assert client.line.struck, "the call was never made"
    world.quiet()
