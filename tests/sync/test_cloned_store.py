"""T9: a machine is copied with its store, and both go on."""

from __future__ import annotations

from gca_tui.domain.commands import AddNote, CorrectContactDetails
from tests.sync.clients import Client
from tests.sync.people import INES, KEYS
from tests.sync.world import World

FIRST, SECOND = KEYS[1], KEYS[2]


def copied(world: World, client: Client) -> Client:
    """The same folder on another machine, as it is at this moment: the program was not even closed."""
    client.copy_to(world.folder / "copie")
    clone = Client("copie", INES, world.folder / "copie", world.server.transport, dict(client.typed), set(client.gone))
    world.clients["copie"] = clone
    return clone


def test_both_machines_go_on_and_nothing_is_lost_or_doubled(world: World) -> None:
    client = world.client("ines")
    assert client.give(client.make(AddNote, FIRST, texte="Avant la copie, envoyée."))
    client.exchange.full()
    assert client.give(client.make(AddNote, FIRST, texte="Avant la copie, pas envoyée."))
    clone = copied(world, client)
    for machine in (client, clone):
        assert machine.give(machine.make(AddNote, SECOND, texte=f"Après la copie, {machine.name}."))
        assert machine.give(machine.make(CorrectContactDetails, SECOND, **{_field(machine): "Thann"}))
    for machine in (clone, client, clone):
        machine.exchange.full()
    assert client.give(client.make(AddNote, SECOND, texte="Encore."))
    world.quiet()
    texts = sorted(note.texte for note in world.server.dossier(SECOND).notes)
    assert texts == ["Après la copie, copie.", "Après la copie, ines.", "Encore."]
    assert len(world.server.dossier(FIRST).notes) == 2
    assert _install(client) != _install(clone)


def test_a_copy_that_was_cut_in_the_middle_of_a_push_sends_nothing_twice(world: World) -> None:
    client = world.client("ines")
    for number in range(3):
        assert client.give(client.make(AddNote, FIRST, texte=f"Note {number}"))
    client.line.expect(["lost_answer"])
    client.attempt(client.exchange.push)
    clone = copied(world, client)
    assert clone.give(clone.make(AddNote, FIRST, texte="De la copie"))
    for machine in (clone, client, clone, client):
        machine.exchange.full()
    world.quiet()
    assert len(world.server.dossier(FIRST).notes) == 4


def _field(machine: Client) -> str:
    return "commune" if machine.name == "ines" else "adresse"


def _install(machine: Client) -> str:
    from gca_tui.store.remote import read_tie

    tie = machine.writer.run(read_tie).result()
    assert tie is not None
    return tie.install
