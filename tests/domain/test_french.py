from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.french import NBSP, count, euros, parse_cents, parse_date, short_date, typeset

NNBSP = "\u202f"


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (152_340, f"1{NBSP}523,40{NBSP}€"),
        (150_000, f"1{NBSP}500,00{NBSP}€"),
        (0, f"0,00{NBSP}€"),
        (5, f"0,05{NBSP}€"),
        (-123_456_789, f"-1{NBSP}234{NBSP}567,89{NBSP}€"),
    ],
)
def test_euros(cents: int, written: str) -> None:
    assert euros(cents) == written


@pytest.mark.parametrize(
    "written",
    ["1 523,40", f"1{NBSP}523,40", f"1{NNBSP}523,40", "1523,4", "1523.40", "1523.4", " 1 523,40 € ", "1523,40€"],
)
def test_amounts_as_files_write_them(written: str) -> None:
    assert parse_cents(written) == 152_340


@pytest.mark.parametrize("whole", ["12", "12,0", "12.00", "012"])
def test_whole_euros(whole: str) -> None:
    assert parse_cents(whole) == 1_200


def test_a_negative_amount_keeps_its_sign() -> None:
    assert parse_cents("-0,05") == -5


@pytest.mark.parametrize("wrong", ["", "€", ",50", "12,", "1.523,40", "1,523.40", "1,234", "12,345", "1e3", "--1", "x"])
def test_an_amount_that_may_be_misread_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_cents(wrong)


@given(st.integers(-(10**12), 10**12))
def test_amounts_come_back(cents: int) -> None:
    assert parse_cents(euros(cents)) == cents
    assert parse_cents(euros(cents).replace(NBSP, NNBSP)) == cents


@given(st.dates())
def test_dates_come_back(day: date) -> None:
    assert parse_date(short_date(day)) == day
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(("written", "day"), [("12/11/2026", 12), ("2/11/2026", 2), ("2026-11-12", 12)])
def test_dates_written_out(written: str, day: int) -> None:
    assert parse_date(written) == date(2026, 11, day)


@pytest.mark.parametrize(
    "wrong", ["", "31/02/2026", "00/01/2026", "12/13/2026", "12/11/26", "2026-11-1", "2026/11/12", "12-11-2026"]
)
def test_a_day_that_does_not_exist_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(wrong or "vide")


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0 jour"), (1, "1 jour"), (2, "2 jours"), (-1, "-1 jour"), (-2, "-2 jours"), (130_000, "130 000 jours")],
)
def test_counts(number: int, written: str) -> None:
    assert count(number, "jour") == written.replace(" ", NBSP)


def test_a_plural_of_its_own() -> None:
    assert count(3, "jour ouvré", "jours ouvrés") == f"3{NBSP}jours ouvrés"


def test_typeset_holds_signs_to_their_words() -> None:
    said = "La pièce « P1 » manque : 12 € ; oui ? non !"
    held = f"La pièce «{NBSP}P1{NBSP}» manque{NBSP}: 12{NBSP}€{NBSP}; oui{NBSP}? non{NBSP}!"
    assert typeset(said) == held
    assert typeset(held) == held
