"""Reassigned dossiers: who sees them, what is told to those who no longer do."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from gca_tui.errors import InputError, UnknownDossier
from gca_tui.server.delegating import ensure_conventions
from gca_tui.server.leases import standings
from gca_tui.server.moving import Filter, matching, move
from gca_tui.server.tables import CLAIM, DOSSIER, MEMBERSHIP
from gca_tui.server.verifying import verify
from gca_tui.wire import Key
from tests.server.supply import dossiers, heads, kinds, piece, places, read, take

ONE, TWO = Key("681", "0000001"), Key("681", "0000002")


@pytest.fixture
def filled(service):
    take(service, [read(1, pieces=(piece("P1", "rib"),)), read(2, pieces=(piece("P2", "contrat"),)), read(3)])
    take(service, [read(4, convention="CONV")])
    return service


def test_a_dossier_goes_with_its_document_and_its_motif(filled):
    before = dossiers(filled.base)
    assert move(filled, [ONE], "681/CONV", "renfort d’été", "chef") == 1
    assert places(filled.base) == {1: "681/CONV", 2: "681", 3: "681", 4: "681/CONV"}
    assert dossiers(filled.base) == before
    assert (kinds(filled.base, "681")[-1], kinds(filled.base, "681/CONV")[-1]) == ("gone", "moved")
    with filled.base.read() as connection:
        left = connection.execute(select(MEMBERSHIP).where(MEMBERSHIP.c.present == 0)).one()
        seq = connection.execute(select(DOSSIER.c.seq).where(DOSSIER.c.matricule == "0000001")).scalar_one()
    assert (left.scope, left.matricule, left.motif) == ("681", "0000001", "renfort d’été")
    assert seq == heads(filled.base)["681/CONV"][0]
    assert verify(filled).faults == ()


def test_a_claim_ends_with_the_move(filled):
    whose = {"agent": "martin", "nom": "Martin", "install": "i", "token": 3, "mode": "work"}
    with filled.base.write() as connection:
        until = "2026-11-12T10:00:00+00:00"
        connection.execute(insert(CLAIM), [{**key._asdict(), **whose, "until": until} for key in (ONE, TWO)])
    move(filled, [ONE], "681/CONV", "renfort")
    with filled.base.read() as connection:
        found = standings(connection, [ONE, TWO])
    assert (found[ONE].is_live(filled.now()), found[ONE].token) == (False, 3)
    assert found[TWO].is_live(filled.now())


def test_there_and_back(filled):
    move(filled, [ONE], "681/CONV", "aller")
    move(filled, [ONE], "681", "retour")
    assert places(filled.base)[1] == "681"
    assert verify(filled).faults == ()


def test_a_move_again_changes_nothing(filled):
    move(filled, [ONE, TWO], "681/CONV", "renfort")
    before = heads(filled.base)
    assert move(filled, [ONE, TWO], "681/CONV", "renfort") == 0
    assert heads(filled.base) == before


def test_a_filter_chooses_by_corbeille_and_work(filled):
    def chosen(**wanted):
        return [int(key.matricule) for key in filled.base.reading(lambda c: matching(c, Filter(**wanted)))]

    assert chosen(scope="681") == [1, 2, 3]
    assert chosen(scope="681", nature="rib") == [1]
    assert chosen(scope="681", nature="ri") == []
    assert chosen(scope="681", nature="%") == []
    assert chosen(scope="681/CONV", statut="ouvert") == [4]
    assert chosen(scope="681", holder="martin") == []


@pytest.mark.parametrize(
    ("keys", "scope", "motif", "error", "said"),
    [
        ([ONE], "091", "x", InputError, "CSS L.122-7"),
        ([ONE], "681/INCONNUE", "x", InputError, "n’est pas connue"),
        ([ONE, Key("681", "9999999")], "681/CONV", "x", UnknownDossier, "9999999"),
        ([ONE], "681/CONV", " ", InputError, "pourquoi"),
        ([ONE], "681 CONV", "x", InputError, "n’est pas une corbeille"),
    ],
)
def test_what_cannot_be_moved_stays(filled, keys, scope, motif, error, said):
    before = heads(filled.base)
    with pytest.raises(error, match=said):
        move(filled, keys, scope, motif)
    assert heads(filled.base) == before


def test_an_empty_corbeille_of_a_known_convention_is_made(filled):
    with filled.base.write() as connection:
        ensure_conventions(connection, ["681/NEUVE"])
    assert move(filled, [ONE], "681/NEUVE", "renfort") == 1
    assert places(filled.base)[1] == "681/NEUVE"
