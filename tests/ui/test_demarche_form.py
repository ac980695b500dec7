"""The form of a démarche: which letter it is about, asked only where that is a question."""

from datetime import UTC, date, datetime

import pytest

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.trop_percu import ExtraitNotification, Mois, Montants, Notification, TropPercu
from gca_tui.domain.values import Author
from gca_tui.ui.forms.plan import Day
from gca_tui.ui.forms.steps import demarche_plan

DAY = Day(date(2026, 11, 12), Calendar([]))
ANSWERS = {"recue_le": date(2026, 11, 10), "voie": "ecrite", "accuse_le": None, "objet": ""}


def letter(name: str, sent: date | None) -> Notification:
    months = (Mois(id="2026-01", extrait=Montants(verse=150_000, du=0)),)
    owed = (TropPercu(id=f"I{name}", prestation="RSA", mois=months),)
    return Notification(id=name, extrait=ExtraitNotification(notifiee_le=sent), trop_percus=owed)


MAY, WAITING = letter("N1", date(2026, 5, 4)), letter("N2", None)


def stamp() -> dict[str, object]:
    author = Author(identifiant="091-ifaure")
    return {
        "id": "d",
        "caisse": "681",
        "matricule": "0123456",
        "author": author,
        "at": datetime(2026, 11, 12, tzinfo=UTC),
    }


def opened(letters: tuple[Notification, ...], **answers: str) -> str:
    (command,) = demarche_plan(letters).commands({**ANSWERS, **answers}, stamp, DAY, "")
    return str(command.model_dump()["notification"])


def asked(*letters: Notification) -> list[object]:
    return [field for field in demarche_plan(letters).fields(DAY) if field.name == "notification"]


@pytest.mark.parametrize("nature", ["rectification", "recours", "remise", "echeancier", "mediation"])
def test_the_only_letter_is_set_without_asking(nature):
    assert asked(MAY) == []
    assert opened((MAY,), nature=nature) == "N1"


def test_a_reclamation_may_be_about_anything():
    assert opened((MAY,), nature="reclamation") == ""
    assert opened((MAY, WAITING), nature="reclamation", notification="N1") == "N1"


def test_no_letter_no_question():
    assert asked() == []
    assert opened((), nature="recours") == ""


def test_which_of_several_letters_is_asked_and_may_be_left_open():
    (field,) = asked(MAY, WAITING)
    assert field.options == {
        "": "aucune, ou non précisée",
        "N1": "notification du 04/05/2026, 1\u00a0500,00\u00a0€",
        "N2": "notification à envoyer, 1\u00a0500,00\u00a0€",
    }
    assert field.read("", DAY.today).error == ""
    assert opened((MAY, WAITING), nature="recours", notification="N2") == "N2"
    assert opened((MAY, WAITING), nature="recours", notification="") == ""
