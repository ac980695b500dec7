"""A server restored from an older backup: what its clients had it acknowledge comes back, in whatever order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from gca_tui.domain.apply import apply, based
from gca_tui.domain.command import Command
from gca_tui.domain.commands import CloseDossier, CorrectNote, EditExplanation, HandBack, Take
from gca_tui.domain.dossier import CLOS, Dossier
from gca_tui.domain.traces import Cloture
from gca_tui.domain.trop_percu import Explication
from gca_tui.server.base import open_base
from gca_tui.server.chain import Entry
from gca_tui.server.laying import Change, lay, stored
from gca_tui.server.service import Service
from gca_tui.wire import Result
from tests.domain.given import INES, PAUL, an_extract, command, made
from tests.server.pushes import KEY, NOTIFICATION, Poste, check_base, held, note, poste, raison, receive
from tests.strategies import CONTEXT, NOW

RAISON, CALCUL = (f"notifications.{NOTIFICATION}.explication.{name}" for name in ("raison", "calcul"))


@dataclass
class Restored:
    """A service as it was before some commands that it had acknowledged, and the machines that have them."""

    service: Service
    ines: Poste
    paul: Poste
    before: Dossier

    def lost(self, *given: Command) -> list[tuple[Poste, Command, int]]:
        """These commands as the lost history had them: on which bases, at which revisions."""
        dossier, acked = self.before, []
        for one in given:
            seen = based(one, dossier)
            dossier = apply(dossier, seen, CONTEXT)
            acked.append((self.ines if one.author == INES else self.paul, seen, dossier.rev))
        return acked

    def again(self, acked: tuple[Poste, Command, int]) -> Result:
        machine, one, rev = acked
        return machine.one(machine.operation(one, acked_rev=rev))

    def settle(self, some: Sequence[tuple[Poste, Command, int]]) -> None:
        """Send them in this order, those that must wait once more after the others."""
        waiting = list(some)
        for _ in some:
            waiting = [one for one in waiting if self.again(one).status == "future"]
        assert not waiting


@pytest.fixture
def restored(service: Service) -> Restored:
    receive(service)
    ines, paul = poste(service), poste(service, "091-psoulie")
    for machine in (ines, paul):
        machine.sees()
        machine.forks = dict(machine.seen)
    return Restored(service, ines, paul, held(service).dossier)


def document(service: Service) -> dict[str, Any]:
    """What the dossier says, whatever the order in which it came to say it."""
    found = held(service).dossier.model_dump(mode="json")
    for name in ("rev", "history"):
        found.pop(name)
    for name in ("notes", "contacts"):
        found[name].sort(key=lambda item: item["id"])
    for notification in found["notifications"]:
        notification["versions"] = sorted(one["id"] for one in notification["versions"])
    return dict(found)


def later(name: str, texte: str, **fields: Any) -> Command:
    return command(EditExplanation, id=name, notification=NOTIFICATION, **{"raison": texte, **fields})


LOST: dict[str, list[Command]] = {
    "one field": [later("a", "Un."), later("b", "Deux.", author=PAUL)],
    "two fields": [later("a", "Un."), later("b", "Autre.", author=PAUL, calcul="Deux.")],
    "one field three times": [later("a", "Un."), later("b", "Deux.", author=PAUL), later("c", "Trois.")],
    "notes": [note("une"), note("deux", author=PAUL)],
    "a corrected note": [
        note("une").model_copy(update={"id": "n1"}),
        command(CorrectNote, id="n2", texte="mieux", corrige="n1", author=PAUL),
    ],
    "a holder": [
        command(Take, id="t1"),
        command(HandBack, id="t2", motif="absence"),
        command(Take, id="t3", author=PAUL),
    ],
}


@pytest.mark.parametrize("name", LOST)
def test_what_comes_back_is_the_same_in_every_order(restored: Restored, name: str, new_service: Any) -> None:
    """Commands of one machine keep their order; those of two meet in any."""
    acked = restored.lost(*LOST[name])
    wanted = None
    for order in itertools.permutations(acked):
        if not _keeps_order(order, acked):
            continue
        fresh: Restored = new_service()
        machines = {id(restored.ines): fresh.ines, id(restored.paul): fresh.paul}
        fresh.settle([(machines[id(machine)], one, rev) for machine, one, rev in order])
        check_base(fresh.service)
        found = document(fresh.service)
        wanted = wanted or found
        assert found == wanted


def _keeps_order(order: Sequence[tuple[Poste, Command, int]], acked: Sequence[tuple[Poste, Command, int]]) -> bool:
    return all(
        [one for one in order if one[0] is machine] == [one for one in acked if one[0] is machine]
        for machine in {id(one[0]): one[0] for one in acked}.values()
    )


@pytest.fixture
def new_service(tmp_path: Any) -> Any:
    opened = []

    def make() -> Restored:
        base = open_base(tmp_path / f"{len(opened)}.db")
        opened.append(base)
        service = Service(base)
        receive(service)
        ines, paul = poste(service), poste(service, "091-psoulie")
        for machine in (ines, paul):
            machine.sees()
            machine.forks = dict(machine.seen)
        return Restored(service, ines, paul, held(service).dossier)

    yield make
    for base in opened:
        base.close()


def test_a_replay_takes_its_revision_back(restored: Restored) -> None:
    first, second = restored.lost(later("a", "Un."), later("b", "Deux.", author=PAUL))
    assert restored.again(second).status == "applied"
    assert restored.again(first).status in ("merged", "superseded")
    now = held(restored.service)
    assert now.dossier.notifications[0].explication.raison == "Deux."
    assert now.dossier.revisions[RAISON] == second[2]
    assert now.replayed[RAISON] == second[2]
    assert now.rev > second[2]
    check_base(restored.service)


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("rounds", [1, 3, 6])
def test_work_done_since_the_restore_is_never_replaced(restored: Restored, rounds: int, fork: bool) -> None:
    """Whatever number the fresh work got, above or under that of what comes back."""
    (acked,) = restored.lost(*[later("z", "Perdu.")])
    for n in range(rounds):
        given = raison(f"Frais {n}.", held(restored.service).dossier, author=PAUL)
        assert restored.paul.one(given).status == "applied"
    if not fork:
        restored.ines.forks = {}
    machine, one, _ = acked
    result = machine.one(machine.operation(one, acked_rev=4))
    assert result.status == "conflict"
    assert [(moved.path, moved.value) for moved in result.moved] == [(RAISON, f"Frais {rounds - 1}.")]
    assert held(restored.service).dossier.notifications[0].explication.raison == f"Frais {rounds - 1}."


def test_a_lost_base_does_not_hide_work_done_since(restored: Restored) -> None:
    """The command was given on a revision that is lost too, and that another text has now."""
    *_, acked = restored.lost(later("a", "Un.", author=PAUL), later("b", "Deux.", author=PAUL), later("c", "Trois."))
    fresh = raison("Frais.", restored.before, author=PAUL)
    restored.paul.one(fresh)
    assert restored.again(acked).status == "conflict"


def test_a_field_nobody_touched_since_comes_back(restored: Restored) -> None:
    restored.paul.one(note("depuis la restauration", author=PAUL))
    (acked,) = restored.lost(later("a", "Un."))
    assert restored.again(acked).status == "merged"
    assert held(restored.service).dossier.notifications[0].explication.raison == "Un."


def test_fresh_work_on_what_came_back_knows_it(restored: Restored) -> None:
    (acked,) = restored.lost(later("a", "Revenu."))
    before = restored.before
    restored.again(acked)
    assert restored.paul.one(raison("Sans l’avoir vu.", before, author=PAUL)).status == "conflict"
    seen = held(restored.service).dossier
    assert restored.paul.one(raison("En l’ayant vu.", seen, author=PAUL)).status == "merged"
    assert not held(restored.service).replayed


def test_a_replay_is_answered_once(restored: Restored) -> None:
    (acked,) = restored.lost(note("une"))
    first = restored.again(acked)
    assert restored.again(acked) == first.model_copy(update={"replayed": True})
    assert len(held(restored.service).dossier.notes) == 1


def test_a_replay_does_not_close_over_what_is_missing(restored: Restored) -> None:
    before = made(an_extract(pieces=(), indus=()))
    machine = restored.ines
    closing = based(command(CloseDossier), before)
    assert machine.one(machine.operation(closing, acked_rev=3)).status == "future"
    assert held(restored.service).dossier.statut != CLOS


def test_a_replay_does_not_take_its_explanation_from_a_closed_dossier(restored: Restored) -> None:
    """An older text comes back after the closing: it may fill what is open, never empty what the closing relied on."""
    receive(restored.service, an_extract(le="2026-11-09", pieces=(), indus=()))
    with restored.service.base.write() as connection:
        _close_by_hand(restored.service, connection)
    empty = later("z", "").model_copy(update={"raison": "", "calcul": ""})
    result = restored.ines.one(restored.ines.operation(empty, acked_rev=90))
    assert result.status == "future"
    assert held(restored.service).dossier.notifications[0].explication.raison == "Écrite."


def _close_by_hand(service: Service, connection: Connection) -> None:
    """The letter is there again, explained; the dossier closed."""
    before = stored(connection, [KEY])[KEY]
    context = service.context(connection)
    open_again = apply(before.dossier, an_extract(le="2026-11-10", pieces=()), context)
    letter = open_again.notifications[0]
    explained = letter.model_copy(update={"explication": Explication(raison="Écrite.")})
    closed = open_again.model_copy(
        update={
            "notifications": (explained,),
            "statut": CLOS,
            "cloture": Cloture(
                connus=tuple(one.id for one in open_again.trop_percus),
                montants=tuple(one.montant for one in open_again.trop_percus),
                author=INES,
                at=NOW,
            ),
            "pieces": (),
        }
    )
    entry = Entry("x", *KEY, closed.rev, service.instant(), "{}")
    lay(connection, [Change(before, closed, (entry,), before.scope)], context)


def test_a_replay_from_nowhere_is_refused(restored: Restored) -> None:
    given = later("a", "Un.")
    result = restored.ines.one(restored.ines.operation(given, acked_rev=1 << 61))
    assert (result.status, result.code) == ("refused", "revision")
