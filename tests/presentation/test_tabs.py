"""The tabs: trop-perçus with months, facts, checks, passages and delays; a history in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings

from gca_tui.domain.commands import AnyCommand, ReportSuspicion
from gca_tui.domain.commands.explanation import MoisCorrige
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import typeset
from gca_tui.domain.trop_percu import Montants, Passage
from gca_tui.domain.values import Change
from gca_tui.presentation.dossier_text import TABS
from gca_tui.presentation.kinds import KINDS, change_words
from tests.domain.given import an_extract, an_indu, command, give, made
from tests.strategies import CONTEXT, NOW, courses

TAB = {tab.name: tab for tab in TABS}
MONTHS = {"2026-02": Montants(verse=60_000, du=20_000), "2026-01": Montants(verse=150_000, du=None)}


def told(dossier: Dossier, tab: str = "Trop-perçus") -> str:
    lines = (typeset(line.text) for line in TAB[tab].lines(dossier, CONTEXT))
    return "\n".join(lines).replace("\xa0", " ")


def owing(**seen: object) -> Dossier:
    return made(an_extract(indus=(an_indu(mois=MONTHS, **seen),)))


def test_each_command_has_a_label():
    kinds = {kind.model_fields["kind"].default for kind in get_args(get_args(AnyCommand)[0])}
    assert kinds <= set(KINDS)


def test_months_in_order_and_their_total():
    lines = told(owing()).splitlines()
    assert "    01/2026 · reçu 1 500,00 € · dû non renseigné · différence 1 500,00 €" in lines
    assert "    total · reçu 2 100,00 € · dû non renseigné · différence 1 900,00 €" in lines
    assert [line[4:11] for line in lines if " · reçu " in line and "total" not in line] == ["01/2026", "02/2026"]


def test_what_was_established_and_who_says_so():
    dossier = owing()
    letter = dossier.notifications[0]
    facts = {
        "evenement_le": date(2025, 11, 12),
        "evenement": "reprise d’emploi",
        "regle": "Le salaire compte.",
        "connu_le": date(2026, 6, 3),
        "connu_par": "votre appel",
        "responsabilite": "10",
        "tiers": True,
        "tiers_nom": "l’employeur",
        "tiers_contenu": "les salaires",
    }
    said = told(give(dossier, command("establish_facts", notification=letter.id, trop_percus=("INK 001",), **facts)))
    for text in (
        "événement : le 12/11/2025, reprise d’emploi",
        "su par la Caf le 03/06/2026, par votre appel",
        "règle : Le salaire compte.",
        "responsabilité : Erreur CAF",
        "donnée d’un tiers : l’employeur, les salaires",
    ):
        assert text in said


def test_delays_are_told_with_the_days_left():
    received = owing(recue_le=date(2026, 11, 4))
    assert "demander une rectification (RSA) : jusqu’au 24/11/2026, encore 12 jours" in told(received)
    assert "dans les 20 jours qui suivent la réception" in told(owing())
    assert "passé depuis le 23/10/2026" in told(owing(recue_le=date(2026, 10, 3)))
    assert "dernier jour" in told(owing(recue_le=date(2026, 10, 23)))


def test_a_pending_recours_withholds_nothing_on_rsa():
    dossier = owing(recue_le=date(2026, 11, 4))
    lodged = give(dossier, command("open_demarche", nature="recours", recue_le=date(2026, 11, 10), objet="Conteste"))
    assert "Suspensif : pas de retenue" not in told(dossier)
    assert "Suspensif : pas de retenue" in told(lodged)


def test_old_payments_warn_of_prescription():
    old = made(an_extract(indus=(an_indu(mois={"2023-02": Montants(verse=200_000, du=0)}),)))
    assert "prescription à vérifier" in told(old)
    assert "prescription à vérifier" not in told(owing())


def test_an_explanation_is_shown_with_what_the_checks_say():
    dossier = owing()
    assert "explication à écrire (seuil de 1 500,00 €" in told(dossier)
    letter = dossier.notifications[0].id
    written = give(
        dossier, command("edit_explanation", notification=letter, raison="Nous avons examiné votre dossier.")
    )
    said = told(written)
    assert "explication à écrire" not in said
    assert "Explication enregistrée par Inès Faure le 12/11/2026 10 h 30" in said
    assert "Pourquoi ?\n    Nous avons examiné votre dossier." in said
    assert "contrôle 1 (" in said


def test_a_check_passed_over_is_shown_with_its_reason_and_its_author():
    dossier = owing()
    letter = dossier.notifications[0].id
    passed = give(
        dossier,
        command("edit_explanation", notification=letter, raison="Nous avons examiné votre dossier."),
        command("override_checks", notification=letter, controles=(1,), motif="Accord de la référente."),
    )
    assert isinstance(passed.notifications[0].passages[0], Passage)
    assert "contrôle 1 passé outre par Inès Faure le 12/11/2026 10 h 30\n    Accord de la référente." in told(passed)
    assert "contrôle 1 : Accord de la référente." in told(passed, "Historique")


def test_a_suspicion_is_told_to_agents_in_the_first_tab():
    sent = give(owing(), command(ReportSuspicion, motif="Deux adresses."))
    assert "Statut : transmis (suspicion de fraude)" in told(sent, "Dossier")
    assert "Transmis par Inès Faure le 12/11/2026 10 h 30 : Deux adresses." in told(sent, "Dossier")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(path="holder", after="ifaure"), "pris par ifaure"),
        (Change(path="holder", before="ifaure"), "rendu par ifaure"),
        (Change(path="statut", before="ouvert", after="en_attente"), "statut : ouvert → en attente"),
        (Change(path="pieces.P%2E2.traitement", after="TRAITEE"), "pièce P.2 : traitée"),
        (Change(path="notifications.N1.recue_le", after="04/11/2026"), "courrier reçu : 04/11/2026"),
        (Change(path="notifications.N1.trop_percus.T.mois.2026-03.corrige"), "mois 03/2026 corrigé"),
        (Change(path="notes.c1"), ""),
        (Change(path="un.chemin.nouveau", before="a", after="b"), ""),
    ],
)
def test_a_change_is_told_in_words_or_not_at_all(change, words):
    assert change_words(change).replace("\xa0", " ") == words


def test_a_corrected_month_is_in_the_history():
    dossier = owing()
    read = (MoisCorrige(mois="2026-02", verse=60_000, du=30_000),)
    one = command(
        "correct_months", notification=dossier.notifications[0].id, trop_percu="INK 001", mois=read, montant=180_000
    )
    assert "mois 02/2026 corrigé" in told(give(dossier, one), "Historique")


@given(courses())
@settings(max_examples=40, deadline=None)
def test_no_tab_shows_a_field_path(course):
    shown = told(course.end, "Historique")
    paths = {change.path for entry in course.end.history for change in entry.changes if "." in change.path}
    assert [path for path in paths if path in shown] == []
    for tab in TABS:
        assert list(tab.lines(course.end, replace(CONTEXT, today=NOW.date())))
