"""Extracts laid into the shared store: corbeilles, absences, what agents changed meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from gca_tui.server import importing
from gca_tui.server.delegating import scope_of
from gca_tui.server.leases import standings
from gca_tui.server.moving import move
from gca_tui.server.tables import CLAIM, CONVENTION
from gca_tui.server.verifying import verify
from gca_tui.store.preparing import Given
from gca_tui.wire import Key
from tests.server.supply import dossiers, heads, kinds, note, piece, places, read, take


def test_dossiers_go_to_the_corbeille_of_their_caisse_or_convention(service):
    taken = take(service, [read(1), read(2, convention="CONV"), read(3, caisse="091")])
    assert taken.loaded.written == 3
    assert places(service.base) == {1: "681", 2: "681/CONV", 3: "091"}
    with service.base.read() as connection:
        assert [(row.caisse, row.nom, row.fin) for row in connection.execute(select(CONVENTION))] == [
            ("681", "CONV", "")
        ]
    assert verify(service).faults == ()


def test_the_same_extract_twice_changes_nothing(service):
    extracts = [read(n, convention="CONV" if n % 2 else None, pieces=(piece(f"P{n}"),)) for n in range(1, 6)]
    take(service, extracts, [("681", ""), ("681", "CONV")])
    before = heads(service.base)
    again = take(service, [one.model_copy(update={"id": f"again-{n}"}) for n, one in enumerate(extracts)])
    assert (again.loaded.written, len(again.loaded.unchanged)) == (0, 5)
    assert heads(service.base) == before


def test_an_extract_that_changes_the_convention_moves_the_dossier(service):
    take(service, [read(1, convention="CONV"), read(2, convention="CONV")])
    note(service, 1, "Relancer la famille.")
    take(service, [read(1, convention=None)])
    assert places(service.base) == {1: "681", 2: "681/CONV"}
    assert dossiers(service.base)[1].notes[0].texte == "Relancer la famille."
    assert kinds(service.base, "681/CONV")[-1] == "gone"
    assert verify(service).faults == ()


def test_a_dossier_put_elsewhere_by_hand_stays_until_its_convention_changes(service):
    take(service, [read(1), read(2)])
    with service.base.write() as connection:
        from gca_tui.server.delegating import ensure_conventions

        ensure_conventions(connection, ["681/RENFORT"])
    move(service, [Key("681", "0000001")], "681/RENFORT", "renfort")
    take(service, [read(1, nom="DUPONT"), read(2)])
    assert places(service.base)[1] == "681/RENFORT"
    take(service, [read(1, convention="CONV")])
    assert places(service.base)[1] == "681/CONV"


def test_dossiers_that_the_extract_lost_are_marked_and_come_back(service):
    take(service, [read(1), read(2), read(3, convention="CONV"), read(4, caisse="091")])
    assert take(service, [read(1)], [("681", "")]).absent == 1
    marked = {number for number, one in dossiers(service.base).items() if one.extrait.absente_le}
    assert marked == {2}
    assert take(service, [read(1)], [("681", "")]).absent == 0
    take(service, [read(2)])
    assert dossiers(service.base)[2].extrait.absente_le is None
    assert take(service, [read(1)], [("681", "")]).absent == 1


def test_an_older_extract_is_told_and_changes_nothing(service):
    take(service, [read(1, nom="NEUF", le=date(2026, 11, 12))])
    taken = take(service, [read(1, nom="VIEUX", le=date(2026, 11, 1))])
    assert (taken.loaded.written, taken.loaded.older) == (0, 1)
    assert dossiers(service.base)[1].allocataire.nom == "NEUF"


def test_a_dry_import_writes_nothing(service):
    taken = importing.load(service, [Given(read(1))], dry=True)
    assert taken.loaded.written == 1
    assert heads(service.base) == {}


def test_what_an_agent_writes_while_an_import_works_stays(service, monkeypatch):
    take(service, [read(1), read(2)])
    worked, late = importing._worked, iter([lambda: note(service, 1, "Pendant l’import.")])

    def slow(given, before, context, at):
        found = worked(given, before, context, at)
        next(late, lambda: None)()
        return found

    monkeypatch.setattr(importing, "_worked", slow)
    take(service, [read(1, nom="NEUF"), read(2, nom="NEUF")])
    found = dossiers(service.base)[1]
    assert (found.allocataire.nom, [one.texte for one in found.notes]) == ("NEUF", ["Pendant l’import."])
    assert verify(service).faults == ()


def test_two_imports_of_one_new_dossier_at_once_make_it_once(service, monkeypatch):
    worked, late = importing._worked, iter([lambda: take(service, [read(1, nom="PREMIER")])])

    def slow(given, before, context, at):
        found = worked(given, before, context, at)
        next(late, lambda: None)()
        return found

    monkeypatch.setattr(importing, "_worked", slow)
    take(service, [read(1, nom="SECOND")])
    assert dossiers(service.base)[1].allocataire.nom == "SECOND"
    assert dossiers(service.base)[1].rev == 2
    assert verify(service).faults == ()


def test_a_claim_ends_when_the_dossier_leaves_the_corbeille(service):
    take(service, [read(1), read(2)])
    with service.base.write() as connection:
        for matricule in ("0000001", "0000002"):
            connection.execute(
                CLAIM.insert().values(
                    caisse="681", matricule=matricule, agent="martin", nom="Martin", install="i", token=3, mode="work",
                    until="2026-11-12T10:00:00+00:00",
                )
            )  # fmt: skip
    take(service, [read(1, convention="CONV"), read(2, nom="NEUF")])
    with service.base.read() as connection:
        found = standings(connection, [Key("681", "0000001"), Key("681", "0000002")])
    assert {key.matricule: one.is_live(service.now()) for key, one in found.items()} == {
        "0000001": False,
        "0000002": True,
    }


def test_replays_noted_on_a_dossier_stay(service):
    from gca_tui.server.laying import Change, lay, stored

    take(service, [read(1)])
    key = Key("681", "0000001")

    def replayed(connection):
        before = stored(connection, [key])[key]
        entry = importing._entry(read(1), before.dossier, service.instant())
        lay(
            connection,
            [Change(before, before.dossier, (entry,), "681", "", {"statut": 4})],
            service.context(connection),
        )

    service.base.writing(replayed)
    take(service, [read(1, nom="NEUF")])
    with service.base.read() as connection:
        assert stored(connection, [key], lock=False)[key].replayed == {"statut": 4}


def test_more_than_one_batch(service, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 7)
    told = []
    importing.load(service, [Given(read(n)) for n in range(1, 31)], told.append)
    assert told == [7, 14, 21, 28, 30]
    assert len(places(service.base)) == 30
    assert verify(service).faults == ()


@pytest.mark.parametrize(
    ("name", "scope"), [("CONV-2025.1", "681/CONV-2025.1"), ("", "681"), (None, "681")], ids=["plain", "blank", "none"]
)
def test_the_corbeille_of_a_convention(name, scope):
    assert scope_of("681", name) == scope


def test_names_that_no_address_can_hold_get_one_of_their_own():
    names = ["Conv. é/2", "Conv. e/2", "Conv  e 2", "…", "x" * 200]
    found = [scope_of("681", name) for name in names]
    assert len(set(found)) == len(names)
    assert all(len(scope) <= 60 and scope.isascii() and scope.count("/") == 1 for scope in found)
    assert found == [scope_of("681", name) for name in names]
