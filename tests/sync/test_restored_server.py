"""T8, from end to end: a server put back to an old backup while three machines went on; one never comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from gca_tui.domain.commands import AddNote, CorrectContactDetails
from tests.sync.clients import Client
from tests.sync.people import KEYS
from tests.sync.world import World

TARGET, OTHER = KEYS[1], KEYS[2]


def note(client: Client, texte: str) -> None:
    assert client.give(client.make(AddNote, TARGET, texte=texte))


def address(client: Client, value: str) -> None:
    assert client.give(client.make(CorrectContactDetails, OTHER, adresse=value))


@pytest.mark.parametrize("told", [True, False], ids=["by the program", "with its disk"])
def test_what_any_returning_machine_holds_comes_back(world: World, tmp_path: Path, told: bool) -> None:
    katia, ines, maison = (world.client(name) for name in ("katia", "ines", "ines-maison"))
    note(katia, "Avant la sauvegarde")
    katia.exchange.full()
    saved = world.save()
    for number, client in enumerate((katia, ines, maison)):
        client.exchange.full()
        note(client, f"Après la sauvegarde, {client.name}")
        address(client, f"{number} rue Haute")
        client.exchange.full()
    assert world.server.dossier(OTHER).coordonnees.adresse == "2 rue Haute"
    note(ines, "Tapée pendant la panne")
    world.restore(saved, told=told)
    assert world.server.dossier(OTHER).coordonnees.adresse is None
    for client in (ines, katia):
        client.exchange.full()
    world.quiet(lambda name: name != "ines-maison")
    texts = {one.texte for one in world.server.dossier(TARGET).notes}
    assert texts == {
        "Avant la sauvegarde",
        "Après la sauvegarde, katia",
        "Après la sauvegarde, ines",
        "Tapée pendant la panne",
    }
    assert world.server.dossier(OTHER).coordonnees.adresse == "1 rue Haute", "the newest that somebody still holds"


@pytest.mark.parametrize("order", [("katia", "ines"), ("ines", "katia")])
def test_who_comes_back_first_changes_nothing(world: World, order: tuple[str, ...]) -> None:
    katia, ines = world.client("katia"), world.client("ines")
    saved = world.save()
    address(katia, "1 rue Haute")
    katia.exchange.full()
    ines.exchange.full()
    address(ines, "2 rue Haute")
    ines.exchange.full()
    world.restore(saved)
    for name in order:
        world.client(name).exchange.full()
    world.quiet()
    assert world.server.dossier(OTHER).coordonnees.adresse == "2 rue Haute"
    assert not ines.outbox()
    assert not katia.outbox()


def test_work_done_after_the_restore_is_not_replaced_in_silence(world: World) -> None:
    katia, ines = world.client("katia"), world.client("ines")
    saved = world.save()
    address(ines, "2 rue Haute")
    ines.exchange.full()
    world.restore(saved)
    address(katia, "9 place Neuve")
    katia.exchange.full()
    ines.exchange.full()
    world.quiet()
    assert world.server.dossier(OTHER).coordonnees.adresse == "9 place Neuve"
    assert list(ines.outbox().values()) == ["conflict"], "its author decides"


def test_twice_restored(world: World) -> None:
    katia, ines = world.client("katia"), world.client("ines")
    first = world.save()
    note(katia, "Un")
    katia.exchange.full()
    second = world.save()
    note(ines, "Deux")
    ines.exchange.full()
    world.restore(second)
    note(katia, "Trois")
    katia.exchange.full()
    world.restore(first)
    world.quiet()
    assert {one.texte for one in world.server.dossier(TARGET).notes} == {"Un", "Deux", "Trois"}
