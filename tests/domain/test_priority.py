from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import NBSP, short_date, typeset
from gca_tui.domain.priority import MINIMUM_SOCIAL, ORDINARY, URGENT, order_key, standing, why
from gca_tui.domain.settings import Settings
from gca_tui.domain.trop_percu import Montants
from tests.domain.given import a_piece, an_extract, an_indu, command, made
from tests.strategies import CALENDARS, TODAY, Course, courses

SETTINGS = Settings()


def key(dossier: Dossier, today: date = TODAY) -> tuple[Any, ...]:
    return order_key(standing(dossier, CALENDARS, SETTINGS), dossier.caisse, dossier.matricule, today)


def sentence(dossier: Dossier, today: date = TODAY) -> str:
    return why(dossier, standing(dossier, CALENDARS, SETTINGS), today, CALENDARS, SETTINGS)


def received(day: date | None, matricule: str = "0123456", **seen: Any) -> Dossier:
    return made(an_extract(matricule=matricule, indus=(), pieces=(a_piece(received=day, **seen),)))


FRESH, LATE = date(2026, 11, 10), date(2026, 9, 1)


def test_urgence_then_minima_then_overdue_then_oldest_then_the_key() -> None:
    urgent = made(an_extract(pieces=(), urgence="expulsion", matricule="9999999"))
    minimum = received(FRESH, "9999998", prestation="AAH")
    overdue = received(date(2026, 10, 1), "9999997")
    oldest_not_overdue = received(date(2026, 11, 2), "9999996")
    newer, same_day = received(FRESH, "0000001"), received(FRESH, "0000002")
    without_day = received(None, "0000000")
    expected = [urgent, minimum, overdue, oldest_not_overdue, newer, same_day, without_day]
    for start in range(len(expected)):
        assert sorted(expected[start:] + expected[:start], key=key) == expected


def test_a_flagged_rupture_comes_first_and_goes_back_once_lifted() -> None:
    flagged = command("flag_urgence", nature="rupture_de_droits", motif="Versement suspendu.")
    assert standing(made(an_extract(), flagged), CALENDARS, SETTINGS).classe == URGENT
    lifted = command("lift_urgence", motif="Versement repris.")
    assert standing(made(an_extract(), flagged, lifted), CALENDARS, SETTINGS).classe == ORDINARY


@pytest.mark.parametrize("prestation", ["RSA", "RSO", "AAH"])
def test_minima_by_the_dossier_or_by_a_piece(prestation: str) -> None:
    assert standing(made(an_extract(prestations=(prestation,))), CALENDARS, SETTINGS).classe == MINIMUM_SOCIAL
    assert standing(received(FRESH, prestation=prestation), CALENDARS, SETTINGS).classe == MINIMUM_SOCIAL


@pytest.mark.parametrize("prestation", ["APL", "PPA", "AF", ""])
def test_other_prestations_are_no_minima(prestation: str) -> None:
    assert standing(received(FRESH, prestation=prestation), CALENDARS, SETTINGS).classe == ORDINARY


def test_overdue_begins_the_day_after_the_echeance() -> None:
    dossier = received(date(2026, 11, 2))
    assert key(dossier, date(2026, 11, 24))[1]
    assert not key(dossier, date(2026, 11, 25))[1]


@given(st.lists(courses(max_size=4), max_size=6), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_order_is_total_and_the_same_from_any_order(lives: list[Course], today: date) -> None:
    dossiers = [
        life.end.model_copy(update={"matricule": f"{number // 2:07d}", "caisse": ("681", "091")[number % 2]})
        for number, life in enumerate(lives)
    ]
    keys = [key(dossier, today) for dossier in dossiers]
    assert len(set(keys)) == len(keys)
    assert [key(dossier, today) for dossier in dossiers] == keys
    in_order = sorted(keys)
    assert all(one < next_one for one, next_one in pairwise(in_order))


@given(courses(max_size=8), st.integers(0, 10_000_000))
def test_amounts_never_count(life: Course, verse: int) -> None:
    richer = tuple(
        letter.model_copy(
            update={
                "trop_percus": tuple(
                    tp.model_copy(
                        update={
                            "mois": tuple(
                                mois.model_copy(update={"extrait": Montants(verse=verse), "corrige": None})
                                for mois in tp.mois
                            )
                        }
                    )
                    for tp in letter.trop_percus
                )
            }
        )
        for letter in life.end.notifications
    )
    assert key(life.end.model_copy(update={"notifications": richer})) == key(life.end)


@given(courses(max_size=8), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_every_dossier_says_why_in_one_sentence(life: Course, today: date) -> None:
    dossier, place = life.end, standing(life.end, CALENDARS, SETTINGS)
    said = sentence(dossier, today)
    assert said.startswith(f"Placé ici parce que{NBSP}: ")
    assert said.endswith(".")
    assert typeset(said) == said
    label = {URGENT: ("urgence signalée", "rupture de droits"), MINIMUM_SOCIAL: ("minimum social (",)}
    assert any(word in said for word in label.get(place.classe, ("",)))
    assert ("minimum social" in said) == (place.classe == MINIMUM_SOCIAL)
    if place.echeance:
        assert typeset(place.echeance.objet) in said
        assert ("échéance dépassée" in said) == (place.echeance.le < today)
        assert ("échéance le" in said) == (place.echeance.le >= today)
        assert "dépassée de 0" not in said
    if place.recue_le:
        assert short_date(place.recue_le) in said


def test_sentences_written_out() -> None:
    late = received(LATE, prestation="RSA")
    assert sentence(late, date(2026, 9, 17)) == (
        f"Placé ici parce que{NBSP}: minimum social (RSA), échéance dépassée de 2{NBSP}jours ouvrés (pièce P1), "
        "plus ancienne demande reçue le 01/09/2026."
    )
    fresh = received(FRESH)
    assert sentence(fresh) == (
        f"Placé ici parce que{NBSP}: échéance le 02/12/2026 (pièce P1), plus ancienne demande reçue le 10/11/2026."
    )
    nothing = made(an_extract(pieces=(), indus=(an_indu(),)))
    assert sentence(nothing) == f"Placé ici parce que{NBSP}: aucune pièce ni démarche en cours."


def test_overdue_since_a_saturday_is_not_said_to_be_by_no_day() -> None:
    claim = command("open_demarche", nature="reclamation", recue_le=date(2026, 11, 4))
    saturday = date(2026, 11, 14)
    dossier = made(an_extract(pieces=()), claim)
    assert "échéance dépassée depuis le 14/11/2026 (réclamation)" in sentence(dossier, saturday + timedelta(days=1))
    assert f"échéance dépassée de 1{NBSP}jour ouvré (réclamation)" in sentence(dossier, saturday + timedelta(days=3))
