"""T10: dossiers that go while their agent is offline: work not sent is kept by their caisse, and nothing stays here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update

from gca_tui.domain.commands import AddNote, CorrectContactDetails
from gca_tui.domain.folding import plain
from gca_tui.server.tables import AGENT, QUARANTINE
from gca_tui.store import drafts
from tests.sync.clients import Client
from tests.sync.people import CAISSE, DELEGATED, FAMILIES, INES, KEYS, Key
from tests.sync.world import World

NOTE, DRAFT = "Mésange charbonnière", "Rossignol philomèle"
TARGET = KEYS[2]


def offline_work(world: World) -> Client:
    """Notes sent and not sent, a correction, and two drafts, on all that the agent has."""
    client = world.client("ines")
    assert client.give(client.make(AddNote, TARGET, texte=f"{NOTE} déjà envoyée"))
    client.exchange.full()
    for key in KEYS[1:]:
        assert client.give(client.make(AddNote, key, texte=f"{NOTE} {key[1]}"))
    assert client.give(client.make(CorrectContactDetails, TARGET, commune="Guebwiller"))
    for key in (TARGET, KEYS[3]):
        place = drafts.Place(*key, drafts.NOTE)
        client.writer.put_draft(place, {"texte": f"{DRAFT} {key[1]}"}).result()
    return client


def on_disk(client: Client) -> bytes:
    """Every byte of the data folder, in small letters and without accents too."""
    found = b"".join(path.read_bytes() for path in sorted(client.folder.iterdir()) if path.is_file())
    return found.lower()


def forms(words: str) -> set[bytes]:
    """A name as it is written, and as the search has it."""
    first = words.split()[0]
    return {one.lower().encode() for one in (words, first, plain(words), plain(first))}


def nothing_left(client: Client, keys: tuple[Key, ...]) -> None:
    data = on_disk(client)
    for key in keys:
        family = FAMILIES[KEYS.index(key)]
        left = [one for one in forms(family) if one in data]
        assert not left, (key, left)


def reassigned(world: World) -> None:
    world.server.reassign(TARGET, CAISSE, "Réaffecté au siège.")


def convention_ended(world: World) -> None:
    world.server.end_convention(date(2026, 11, 1))


def right_taken(world: World) -> None:
    world.server.let(INES.identifiant, DELEGATED, False)


def agent_withdrawn(world: World) -> None:
    with world.server.base.write() as connection:
        connection.execute(update(AGENT).where(AGENT.c.identifiant == INES.identifiant).values(active=0))


ALL = KEYS[1:]
WAYS: dict[str, tuple[Callable[[World], None], tuple[Key, ...]]] = {
    "reassigned": (reassigned, (TARGET,)),
    "convention": (convention_ended, ALL),
    "right": (right_taken, ALL),
    "agent": (agent_withdrawn, ALL),
}


@pytest.mark.parametrize("way", WAYS)
def test_work_goes_to_the_owner_and_nothing_stays_on_the_machine(world: World, way: str) -> None:
    take, gone = WAYS[way]
    client = offline_work(world)
    before, acked = on_disk(client), client.acked()
    assert all(form in before for form in forms(FAMILIES[KEYS.index(TARGET)]) if b" " not in form)
    take(world)
    for _ in range(3):
        client.attempt(client.exchange.full)
    assert client.keys() == set(ALL) - set(gone)
    nothing_left(client, gone)
    kept = quarantine(world)
    sent = {name for name, one in client.typed.items() if (one.command.caisse, one.command.matricule) in gone}
    sent -= acked
    assert sent <= set(kept), "work not sent is in quarantine"
    assert f"{DRAFT} {TARGET[1]}" in "".join(kept.values()), "the draft was handed over"
    if way == "reassigned":
        assert f"{DRAFT} {KEYS[3][1]}".lower().encode() in on_disk(client), "what stays keeps its draft"
    else:
        assert NOTE.lower().encode() not in on_disk(client)
        assert DRAFT.lower().encode() not in on_disk(client)
    client.writer.close()
    nothing_left(client, gone)
    client.open()
    world.quiet()


def test_a_dossier_that_comes_back_is_whole(world: World) -> None:
    client = offline_work(world)
    world.server.reassign(TARGET, CAISSE)
    client.exchange.full()
    world.server.reassign(TARGET, DELEGATED)
    world.quiet()
    seen = client.visible(TARGET)
    assert seen is not None
    assert [note.texte for note in seen.notes] == [f"{NOTE} déjà envoyée"]


def test_the_agent_is_told_what_left_and_why(world: World) -> None:
    client = offline_work(world)
    world.server.reassign(TARGET, CAISSE, "Réaffecté au siège.")
    client.exchange.full()
    rows = client.rows("SELECT matricule, motif, commands, drafts_left, drafts FROM departure")
    assert rows == [(TARGET[1], "Réaffecté au siège.", 2, 1, "")]


def quarantine(world: World) -> dict[str, str]:
    with world.server.base.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(QUARANTINE.c.id, QUARANTINE.c.body))}


def on_all(client: Client, word: str) -> set[str]:
    """Notes on all that the agent has, sent; their ids."""
    notes = [client.make(AddNote, key, texte=f"{NOTE} {word} {key[1]}") for key in ALL]
    assert all(map(client.give, notes))
    client.exchange.full()
    assert {note.id for note in notes} <= client.acked()
    return {note.id for note in notes}


@pytest.mark.parametrize("way", ["convention", "right"])
@pytest.mark.parametrize("told", [True, False], ids=["by the program", "with its disk"])
def test_what_a_restore_lost_before_the_right_ended_is_in_quarantine(world: World, way: str, told: bool) -> None:
    client = world.client("ines")
    before = on_all(client, "avant")
    saved = world.save()
    after = on_all(client, "après")
    world.restore(saved, told=told)
    WAYS[way][0](world)
    client.exchange.full()
    assert set(quarantine(world)) == after, "what the server has is not put aside"
    assert not client.outbox()
    assert not client.acked()
    assert NOTE.lower().encode() not in on_disk(client)
    world.quiet()
    assert before <= set(world.server.answered())


def test_a_corbeille_lost_leaves_nothing_to_send_and_nothing_aside(world: World) -> None:
    client = world.client("ines")
    on_all(client, "reçue")
    right_taken(world)
    client.exchange.full()
    assert not client.outbox()
    assert not client.acked()
    assert not quarantine(world)
    assert NOTE.lower().encode() not in on_disk(client)
    world.quiet()
