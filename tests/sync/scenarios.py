"""One short history for each protection of the exchanges: without it something is lost, doubled or replaced unseen.

`tools/protections.py` runs them with the protection taken away; each of them must then fail.
"""

from __future__ import annotations

from collections.abc import Callable

from gca_tui.domain.commands import AddNote, CorrectContactDetails
from tests.sync.clients import Client
from tests.sync.people import KEYS, Key
from tests.sync.world import World

ONE, TWO, THREE = KEYS[1:4]


def note(client: Client, texte: str, key: Key = ONE) -> None:
    assert client.give(client.make(AddNote, key, texte=texte))


def correct(client: Client, key: Key = ONE, **said: str) -> None:
    assert client.give(client.make(CorrectContactDetails, key, **said))


def notes(world: World, key: Key = ONE) -> list[str]:
    return [one.texte for one in world.server.dossier(key).notes]


def dedupe(world: World) -> None:
    """The answer to a push is lost, and the same commands are sent again."""
    ines = world.client("ines")
    note(ines, "Une fois")
    ines.line.expect(["lost_answer"])
    ines.attempt(ines.exchange.push)
    ines.exchange.full()
    world.quiet()
    assert notes(world) == ["Une fois"]
    assert not ines.outbox()


def conflict(world: World) -> None:
    """Two agents write the same field, and the second has not seen the first."""
    katia, ines = world.client("katia"), world.client("ines")
    correct(katia, commune="Thann")
    correct(ines, commune="Colmar")
    katia.exchange.full()
    ines.exchange.push()
    world.quiet()
    assert world.server.dossier(ONE).coordonnees.commune == "Thann"
    assert list(ines.outbox().values()) == ["conflict"]


def lineage(world: World) -> None:
    """What a machine read is not there any more, and who wrote it never comes back."""
    katia, ines = world.client("katia"), world.client("ines")
    saved = world.save()
    note(katia, "Perdue avec le serveur")
    katia.exchange.full()
    ines.exchange.full()
    world.restore(saved, told=False)
    ines.exchange.full()
    world.quiet(lambda name: name == "ines")
    assert notes(world) == []


def seen(world: World) -> None:
    """The only trace of a note is its acknowledgement: nothing was pulled since."""
    ines = world.client("ines")
    saved = world.save()
    note(ines, "Acquittée")
    ines.exchange.push()
    world.restore(saved, told=False)
    world.quiet()
    assert notes(world) == ["Acquittée"]


def push_lineage(world: World) -> None:
    """A machine sends to a restored server before it asks anything of it."""
    ines = world.client("ines")
    saved = world.save()
    note(ines, "Acquittée")
    ines.exchange.push()
    world.restore(saved, told=False)
    for number in range(2):
        note(ines, f"Ensuite {number}")
        ines.exchange.push()
        ines.exchange.push()
    world.quiet()
    assert sorted(notes(world)) == ["Acquittée", "Ensuite 0", "Ensuite 1"]


def head(world: World) -> None:
    """A dossier moves on while its page is awaited, and the server goes back to when it had not."""
    katia, ines = world.client("katia"), world.client("ines")
    for key in (ONE, TWO, THREE):
        note(katia, "D’abord", key)
        katia.exchange.full()
    saved = world.save()
    note(katia, "Encore", ONE)
    katia.exchange.full()
    ines.calls.page = 1
    ines.exchange.pull()
    world.restore(saved, told=False)
    world.quiet(lambda name: name == "ines")


def own_field_base(world: World) -> None:
    """An acknowledgement of one field says nothing of another, which a colleague has set meanwhile."""
    katia, ines = world.client("katia"), world.client("ines")
    correct(katia, adresse="1 rue Haute")
    katia.exchange.full()
    correct(ines, commune="Thann")
    correct(ines, adresse="2 rue Basse")
    for _ in range(2):
        ines.exchange.push()
    world.quiet()
    assert world.server.dossier(ONE).coordonnees.adresse == "1 rue Haute"
    assert list(ines.outbox().values()) == ["conflict"]


SCENARIOS: dict[str, Callable[[World], None]] = {
    "dedupe": dedupe,
    "conflict": conflict,
    "lineage": lineage,
    "seen": seen,
    "push lineage": push_lineage,
    "head": head,
    "own-field base": own_field_base,
}
