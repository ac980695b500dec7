from calendar import monthrange
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.explanation.mentions import Amount, Day, Month, Period, mentions
from gca_tui.domain.french import euros
from gca_tui.domain.months import MONTHS, long_date, month_name
from gca_tui.domain.phrases import level

NNBSP = "\u202f"
AROUND = st.sampled_from(
    ["", "Le ", "« ", "Vous avez reçu, pour le mois, ", "- ", "Au 03 89 12 34 56, ", "Article L.114-21 : "]
)
AFTER = st.sampled_from(["", ".", ", puis rien.", " »", " ; voir plus haut", "\n- suite"])
SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def amount_forms(cents: int) -> list[str]:
    whole, rest = divmod(cents, 100)
    forms = [euros(cents), euros(cents).replace("\u00a0", " "), euros(cents).replace("\u00a0", NNBSP)]
    forms += [f"{whole}.{rest:02d} euros", f"{whole},{rest:02d}€", f"{whole},{rest:02d} EUR", f"{whole},{rest:02d}"]
    return forms + ([f"{whole} €", f"{whole} Euros", f"{whole}\u00a0EUR"] if not rest else [])


def day_forms(day: date) -> list[str]:
    short = f"{day.day} {SHORT[day.month - 1]} {day.year}"
    numeric = [
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%y}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
    ]
    return [*numeric, long_date(day), long_date(day).upper(), level(long_date(day)), short]


def month_forms(month: str) -> list[str]:
    year, number = month.split("-")
    name = month_name(month)
    return [name, name.capitalize(), name.upper(), level(name), name.replace(" ", "\u00a0"), f"{number}/{year}"]


@given(st.integers(1, 99_999_999), AROUND, AFTER, st.data())
def test_an_amount_is_found_in_any_form(cents: int, before: str, after: str, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(amount_forms(cents)))
    assert mentions(before + written + after) == (Amount(len(before), len(before) + len(written), cents),)


@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)), AROUND, AFTER, st.data())
def test_a_day_is_found_in_any_form(day: date, before: str, after: str, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(day_forms(day)))
    (found,) = mentions(before + written + after)
    assert isinstance(found, Day)
    assert (found.start, found.end, found.date) == (len(before), len(before) + len(written), day)


months = st.builds("{}-{:02d}".format, st.integers(2000, 2068), st.integers(1, 12))


@given(months, AROUND, AFTER, st.data())
def test_a_month_is_found_in_any_form(month: str, before: str, after: str, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(month_forms(month)))
    (found,) = mentions(before + written + after)
    assert isinstance(found, Month)
    assert (found.start, found.end, found.id) == (len(before), len(before) + len(written), month)


@given(months, st.integers(0, 11), st.sampled_from(["de {} à {}", "{} - {}", "entre {} et {}", "de {} jusqu’à {}"]))
def test_a_period_takes_the_year_that_is_said_once(first: str, longer: int, form: str) -> None:
    year, number = (int(part) for part in first.split("-"))
    year, rest = divmod(year * 12 + number - 1 + longer, 12)
    last = f"{year:04d}-{rest + 1:02d}"
    text = form.format(MONTHS[number - 1], month_name(last))
    (found,) = mentions(text)
    assert isinstance(found, Period)
    assert (found.first.id, found.last.id) == (first, last)
    assert text[found.end - len(month_name(last)) : found.end] == month_name(last)


@given(months)
def test_days_that_open_and_close_months_make_a_period(month: str) -> None:
    year, number = (int(part) for part in month.split("-"))
    last = date(year, number, monthrange(year, number)[1])
    for text in (f"du 1er {month_name(month)} au {long_date(last)}", f"du 1er au {long_date(last)}"):
        (found,) = mentions(text)
        assert isinstance(found, Period)
        assert (found.first.id, found.last.id) == (month, month)


def test_months_that_are_listed_share_their_year() -> None:
    ids = [
        one.id for one in mentions("en novembre, décembre 2025, janvier et mars 2026, avril") if isinstance(one, Month)
    ]
    assert ids == ["2025-11", "2025-12", "2026-01", "2026-03", "2026-04"]


@pytest.mark.parametrize(
    "text",
    [
        "au 03 89 12 10 26 ou 03.89.12.10.26",
        "matricule 681·0123456, 1234567",
        "CSS L.114-21, R.133-9-2, décision n° 471819",
        "mais sept personnes de Saint-Mars, 1,5 part, 12 %, 12,50 %",
        "le 45/13/2026, 3 mois, 20 jours",
    ],
)
def test_what_is_no_mention(text: str) -> None:
    assert mentions(text) == ()


@pytest.mark.parametrize(
    ("text", "cents"), [("12 euros et 50 centimes", 1250), ("1.500,00 €", 150_000), ("-5,00 €", -500)]
)
def test_rarer_amounts(text: str, cents: int) -> None:
    assert mentions(text) == (Amount(0, len(text), cents),)


def test_a_day_that_does_not_exist_is_found_and_is_no_date() -> None:
    (found,) = mentions("le 31 février 2026")
    assert isinstance(found, Day)
    assert found.date is None


def test_a_day_without_its_year_has_no_date_yet() -> None:
    (found,) = mentions("le 12 novembre, rien")
    assert isinstance(found, Day)
    assert (found.year, found.month, found.day, found.date) == (None, 11, 12, None)


@given(st.text(alphabet="0123456789 ./-€,marsvilnoveb", max_size=80))
def test_no_two_mentions_overlap_whatever_the_text(text: str) -> None:
    found = mentions(text)
    assert all(one.end <= after.start for one, after in pairwise(found))
