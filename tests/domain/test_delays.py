"""Delays, with every day counted by hand. November 2026: the 1st is a Sunday, the 11th (Wednesday) is off."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.delays import add_months, due, echeances
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.priority import standing
from gca_tui.domain.settings import DEFAULT_TARGETS, Settings, Target
from gca_tui.domain.traces import Attente
from tests.domain.given import a_piece, an_extract, command, made
from tests.strategies import CALENDARS

SETTINGS = Settings()
RECEIVED = date(2026, 11, 2)
FIFTEEN, RECLAMATION = SETTINGS.target("", ""), SETTINGS.target("reclamation", "")
FRANCE = CALENDARS["FR"]


def due_days(*commands: Any) -> dict[str, date]:
    return {one.objet: one.le for one in echeances(made(*commands), CALENDARS, SETTINGS)}


def paused(*pauses: tuple[date, date, date | None]) -> Dossier:
    attentes = tuple(
        Attente(id=f"w{n}", depuis=start, jusqu_au=until, fin=end) for n, (start, until, end) in enumerate(pauses)
    )
    return Dossier(caisse="091", matricule="0123456", attentes=attentes)


@pytest.mark.parametrize(
    ("prestation", "expected"),
    [
        ("RSA", date(2026, 11, 17)),
        ("RSO", date(2026, 11, 17)),
        ("AAH", date(2026, 11, 17)),
        ("APL", date(2026, 11, 24)),
        ("PPA", date(2026, 11, 24)),
        ("", date(2026, 11, 24)),
    ],
)
def test_ten_jours_ouvres_for_minima_fifteen_for_others(prestation: str, expected: date) -> None:
    extract = an_extract(pieces=(a_piece(prestation=prestation),))
    assert due_days(extract) == {"pièce P1": expected}


def test_a_piece_without_prestation_has_the_shortest_target_of_the_dossier() -> None:
    assert due_days(an_extract(prestations=("APL", "RSA"))) == {"pièce P1": date(2026, 11, 17)}


def test_the_calendar_is_that_of_the_caisse() -> None:
    """From 1 April 2026, Good Friday (the 3rd) counts at 091 and not at 681."""
    pieces = (a_piece(received=date(2026, 4, 1)),)
    assert due_days(an_extract(pieces=pieces, caisse="091")) == {"pièce P1": date(2026, 4, 23)}
    assert due_days(an_extract(pieces=pieces)) == {"pièce P1": date(2026, 4, 24)}


def test_a_treated_piece_is_no_longer_due_nor_one_without_a_day() -> None:
    assert due_days(an_extract(), command("treat_piece", piece="P1")) == {}
    assert due_days(an_extract(pieces=(a_piece(received=None),))) == {}


def test_ten_calendar_days_for_a_reclamation() -> None:
    claim = command("open_demarche", id="d1", nature="reclamation", recue_le=RECEIVED)
    answered = command("close_demarche", demarche="d1", le=RECEIVED, issue="Répondu.")
    assert due_days(an_extract(pieces=()), claim) == {"réclamation": date(2026, 11, 12)}
    assert due_days(an_extract(pieces=()), claim, answered) == {}


@pytest.mark.parametrize(
    ("received", "expected"), [(date(2026, 11, 2), date(2026, 12, 2)), (date(2026, 1, 31), date(2026, 2, 28))]
)
def test_one_month_of_silence_on_a_rectification(received: date, expected: date) -> None:
    asked = command("open_demarche", nature="rectification", recue_le=received, voie="orale")
    waiting = command("wait", depuis=received, jusqu_au=date(2026, 12, 31), motif="Rien n’arrête ce mois.")
    assert due_days(an_extract(pieces=()), asked, waiting) == {"demande de rectification": expected}


@pytest.mark.parametrize("nature", ["recours", "remise", "echeancier", "mediation"])
def test_other_demarches_have_no_target_of_the_queue(nature: str) -> None:
    assert due_days(an_extract(pieces=()), command("open_demarche", nature=nature, recue_le=RECEIVED)) == {}


def test_an_ended_derogation_is_no_longer_due() -> None:
    kept = command("grant_derogation", id="g", nature="titre de séjour", debut=RECEIVED, fin=date(2026, 11, 13))
    ended = command("end_derogation", derogation="g", le=RECEIVED, motif="Renouvelé.")
    assert due_days(an_extract(pieces=()), kept, ended) == {}


def test_the_end_of_a_derogation_is_due() -> None:
    kept = command("grant_derogation", nature="titre de séjour", debut=RECEIVED, fin=date(2026, 11, 13))
    assert due_days(an_extract(pieces=()), kept) == {"fin de la dérogation (titre de séjour)": date(2026, 11, 13)}


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ((), date(2026, 11, 24)),
        # three jours ouvrés: 4, 5 and 6
        (((date(2026, 11, 4), date(2026, 11, 30), date(2026, 11, 9)),), date(2026, 11, 27)),
        # still open: until the day it is to end
        (((date(2026, 11, 4), date(2026, 11, 9), None),), date(2026, 11, 27)),
        # begun on the day of reception, which never counts: the 3rd alone is won
        (((date(2026, 11, 2), date(2026, 11, 4), None),), date(2026, 11, 25)),
        (((date(2026, 10, 1), date(2026, 11, 4), None),), date(2026, 11, 25)),
        # over before
        (((date(2026, 10, 1), date(2026, 11, 2), None),), date(2026, 11, 24)),
        # overlapping: 4 to 9 once, whichever was given first
        (
            ((date(2026, 11, 5), date(2026, 11, 10), None), (date(2026, 11, 4), date(2026, 11, 9), None)),
            date(2026, 11, 30),
        ),
        (
            ((date(2026, 11, 4), date(2026, 11, 10), None), (date(2026, 11, 5), date(2026, 11, 6), None)),
            date(2026, 11, 30),
        ),
        # on the last day, and after it
        (((date(2026, 11, 24), date(2026, 11, 25), None),), date(2026, 11, 25)),
        (((date(2026, 11, 25), date(2026, 12, 25), None),), date(2026, 11, 24)),
        # after the first last day, before the one that another pause gives
        (
            ((date(2026, 11, 4), date(2026, 11, 9), None), (date(2026, 11, 26), date(2026, 11, 27), None)),
            date(2026, 11, 30),
        ),
        # ended on the day it began
        (((date(2026, 11, 4), date(2026, 11, 9), date(2026, 11, 4)),), date(2026, 11, 24)),
    ],
)
def test_days_spent_waiting_do_not_count(pauses: tuple[tuple[date, date, date | None], ...], expected: date) -> None:
    assert due(RECEIVED, FIFTEEN, paused(*pauses), FRANCE) == expected


november = st.dates(date(2026, 10, 15), date(2027, 1, 15))


@given(st.dates(date(2026, 10, 20), date(2026, 11, 20)), st.lists(st.tuples(november, november), max_size=4))
def test_due_is_the_day_on_which_the_count_is_full(received: date, ends: list[tuple[date, date]]) -> None:
    dossier = paused(*((start, end, None) for start, end in ends))
    for target in (FIFTEEN, RECLAMATION):
        day, counted = received, 0
        while counted < target.days:
            day += timedelta(days=1)
            waiting = any(start <= day < end for start, end in ends)
            counted += not waiting and (FRANCE.is_working(day) or not target.working)
        assert due(received, target, dossier, FRANCE) == day


@pytest.mark.parametrize("last", [date.max, date(9999, 12, 20)])
def test_absurd_days_do_not_break_the_queue(last: date) -> None:
    forever = command("wait", depuis=date(2026, 11, 3), jusqu_au=last, motif="Date mal saisie.")
    claim = command("open_demarche", nature="rectification", recue_le=last)
    days = due_days(an_extract(pieces=(a_piece("P1"), a_piece("P2", last))), claim, forever)
    assert days == {"pièce P1": date.max, "pièce P2": date.max, "demande de rectification": date.max}


def test_mass_pieces_are_left_out_of_the_anteriorite_not_of_the_queue() -> None:
    mass, other = a_piece("P1", date(2026, 10, 1), nature="rac_annuel"), a_piece("P2", RECEIVED)
    place = standing(made(an_extract(pieces=(mass, other))), CALENDARS, SETTINGS)
    assert (place.anteriorite_le, place.recue_le) == (RECEIVED, date(2026, 10, 1))
    alone = standing(made(an_extract(pieces=(mass,))), CALENDARS, SETTINGS)
    assert (alone.anteriorite_le, alone.recue_le) == (None, date(2026, 10, 1))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 1), 2, date(2026, 5, 1)),
        (date(2026, 5, 1), 2, date(2026, 7, 1)),
        (date(2026, 7, 1), 2, date(2026, 9, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_run_from_quantieme_to_quantieme(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_target_by_nature_prevails_where_the_table_puts_it_first() -> None:
    own = Settings(targets=(Target(nature="naissance", days=3, source="essai"), *DEFAULT_TARGETS))
    assert own.target("naissance", "RSA").days == 3
    assert own.target("ressources", "RSA").days == 10
    assert Settings(targets=()).target("ressources", "RSA").days == 15
