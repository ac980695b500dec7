"""T12: programs of different versions, rules of different versions: they work together, or say that they do not."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from sqlalchemy import select, text

from gca_tui.domain.commands import AddNote, CloseDossier, CorrectContactDetails
from gca_tui.domain.dossier import Allocataire
from gca_tui.errors import TooOld
from gca_tui.server import receiving
from gca_tui.server.tables import QUARANTINE
from gca_tui.store import resolving, waiting
from gca_tui.store.loading import Given
from gca_tui.store.location import DATABASE
from gca_tui.store.schema import open_reader
from gca_tui.store.window import Window
from gca_tui.sync import line as line_module
from tests.sync.clients import Client
from tests.sync.people import KEYS, NOON, extract
from tests.sync.versions import Between, Change, as_it_is, newer, older
from tests.sync.world import World

TARGET, OTHER = KEYS[1], KEYS[2]
BIG = KEYS[4]


def between(world: World, client: Client, *, asked: Change = as_it_is, answered: Change = as_it_is) -> None:
    client.line.inner = Between(world.server.transport, asked, answered)


def work(client: Client) -> None:
    assert client.give(client.make(AddNote, TARGET, texte=f"Note de {client.name}"))
    assert client.give(client.make(CorrectContactDetails, OTHER, commune=f"Ville de {client.name}"))


def a_life(world: World) -> None:
    """Two machines, a conflict, a dossier that leaves, a restored server."""
    katia, ines = world.client("katia"), world.client("ines")
    saved = world.server.backup()
    for client in (katia, ines):
        work(client)
        client.exchange.full()
    assert ines.outbox(), "the second one met a conflict"
    world.server.restore(saved)
    world.server.reassign(KEYS[3], "681")
    world.quiet()


def test_a_newer_server_says_more_than_a_machine_knows(world: World) -> None:
    between(world, world.client("ines"), answered=newer)
    a_life(world)


def test_a_newer_machine_says_more_than_the_server_knows(world: World) -> None:
    between(world, world.client("ines"), asked=newer)
    a_life(world)


OPTIONAL = {
    "claims and digests": ("claim", "digest"),
    "reasons": ("motif", "reason", "code"),
    "rights": ("rights", "hello"),
    "limits": ("limits",),
}


@pytest.mark.parametrize("names", OPTIONAL.values(), ids=OPTIONAL)
def test_an_older_machine_does_not_send_what_came_since(world: World, names: tuple[str, ...]) -> None:
    between(world, world.client("ines"), asked=older(*names))
    a_life(world)


def test_what_a_newer_program_wrote_in_a_dossier_survives_an_older_one(world: World) -> None:
    given = extract(TARGET, 10_000, convention="CONV")
    odd = Allocataire.model_validate({"nom": "DIALLO", "prenom": "Zoé", "surnom": {"usage": "Zo"}})
    later = given.command.model_copy(update={"allocataire": odd, "le": extract(TARGET, 1).command.le.replace(day=9)})
    world.server.load([Given(later)])
    client = world.client("ines")
    client.exchange.full()
    assert client.give(client.make(CorrectContactDetails, TARGET, commune="Thann"))
    client.exchange.full()
    world.quiet()
    held = json.loads(world.server.held()[TARGET].text)
    assert held["allocataire"]["surnom"] == {"usage": "Zo"}
    assert held["coordonnees"]["commune"] == "Thann"


def old_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server does not know how contact details are corrected."""
    monkeypatch.setattr(receiving, "KINDS", receiving.KINDS - {"correct_contact_details"})


def test_a_command_that_the_server_does_not_know_yet_waits_in_sight(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client("ines")
    with monkeypatch.context() as patch:
        old_server(patch)
        work(client)
        client.exchange.full()
        outbox = client.outbox()
        assert len(outbox) == 1, "the note went, the other command is still here"
        assert [note.texte for note in world.server.dossier(TARGET).notes] == ["Note de ines"]
        assert world.server.dossier(OTHER).coordonnees.commune is None
        name = next(iter(outbox))
        codes = client.rows("SELECT code, reason FROM outbox")
        assert outbox[name] == "pending" or codes[0][0] == "commande_inconnue"
    while client.settle("mine", lambda key: [one.id for one in world.server.dossier(key).history]):
        pass
    world.quiet()
    assert world.server.dossier(OTHER).coordonnees.commune == "Ville de ines"


def unread(client: Client, name: str) -> str:
    """Have a newer program have given that command; its text."""
    newer_kind = "json_set(command, '$.kind', 'a_kind_to_come', '$.nouveau', 'gardé')"
    client.writer.run(
        lambda c: c.execute(text(f"UPDATE outbox SET command = {newer_kind} WHERE command_id = :n"), {"n": name})
    ).result()
    client.crash()
    return str(client.rows("SELECT command FROM outbox WHERE command_id = ?", name)[0][0])


def test_a_kind_that_this_program_does_not_know_stays_in_its_outbox(world: World) -> None:
    """The store was used by a newer program, which is gone again."""
    client = world.client("ines")
    work(client)
    name = next(iter(client.outbox()))
    unread(client, name)
    client.exchange.full()
    assert client.give(client.make(AddNote, KEYS[3], texte="Le reste marche."))
    client.exchange.full()
    assert [note.texte for note in world.server.dossier(KEYS[3]).notes] == ["Le reste marche."]
    kept = client.rows("SELECT command FROM outbox WHERE command_id = ?", name)
    assert kept, "it is still here"
    assert json.loads(kept[0][0])["nouveau"] == "gardé"


def test_what_this_program_cannot_read_is_kept_to_the_letter_and_shown_as_waiting(world: World) -> None:
    client = world.client("ines")
    work(client)
    name = next(iter(client.outbox()))
    kept = unread(client, name)
    assert client.give(client.make(AddNote, TARGET, texte="Par-dessus."))
    client.writer.undo().result()
    client.exchange.full()
    with client.raw() as connection:
        (shown,) = waiting.waiting_list(connection)
    assert (shown.command_id, shown.command, shown.state) == (name, kept, "refused"), "the server does not know it"
    seen = client.visible(TARGET)
    assert seen is not None
    assert not seen.notes, "it is not applied"
    with closing(Window(open_reader(client.folder / DATABASE), "")) as window:
        assert [given for given, _ in window.refused(TARGET)] == [kept]
    context = client.writer.context()
    assert client.writer.run(lambda c: resolving.retry(c, name, context)).result()
    (again,) = client.rows("SELECT command_id, command FROM outbox")
    assert json.loads(again[1]) == json.loads(kept) | {"id": again[0]}
    assert client.rows("SELECT reason <> '' FROM outbox") == [(1,)], "held back"
    client.exchange.full()
    assert client.writer.run(lambda c: resolving.discard(c, again[0], context, NOON)).result()
    assert not client.outbox()


@pytest.mark.parametrize("told", [True, False], ids=["refused before", "not sent yet"])
def test_what_this_program_cannot_read_leaves_with_its_dossier(world: World, told: bool) -> None:
    client = world.client("ines")
    work(client)
    unread(client, next(iter(client.outbox())))
    if told:
        client.exchange.full()
    world.server.reassign(TARGET, "681")
    client.exchange.full()
    assert client.visible(TARGET) is None
    with world.server.base.read() as connection:
        aside = [json.loads(body).get("nouveau") for body in connection.execute(select(QUARANTINE.c.body)).scalars()]
    assert aside == ["gardé"], "the caisse that owns it may have a program that reads it"


def test_a_machine_with_older_rules_sees_a_closing_they_forbid(world: World) -> None:
    katia, ines = world.client("katia"), world.client("ines")
    world.server.set_threshold(300_000)
    world.thresholds.add(300_000)
    katia.exchange.full()
    assert katia.give(katia.make(CloseDossier, BIG))
    katia.exchange.full()
    assert not ines.give(ines.make(CloseDossier, BIG)), "its rules are the old ones"
    world.quiet()
    seen = ines.visible(BIG)
    assert seen is not None
    assert seen.statut == "clos"


def test_a_closing_under_older_rules_is_refused_by_the_server_and_shown(world: World) -> None:
    world.server.set_threshold(300_000)
    world.thresholds.add(300_000)
    ines = world.client("ines")
    ines.exchange.full()
    assert ines.give(ines.make(CloseDossier, BIG))
    world.server.set_threshold(150_000)
    ines.exchange.push()
    seen = ines.visible(BIG)
    assert seen is not None
    assert seen.statut == "ouvert"
    assert list(ines.outbox().values()) == ["refused"]
    world.thresholds = {150_000}
    world.quiet()


def test_a_program_too_old_for_the_server_keeps_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("ines")
    work(client)
    with monkeypatch.context() as patch:
        patch.setattr(line_module, "SCHEMA", 0)
        client.crash()
        with pytest.raises(TooOld):
            client.exchange.full()
        assert len(client.outbox()) == 2
        assert client.keys() == set(KEYS[1:])
    client.crash()
    world.quiet()
    assert not client.outbox()
