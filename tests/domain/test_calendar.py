from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar, zone
from tests.strategies import CALENDARS, YEARS

FRANCE, GRAND_EST = CALENDARS[METROPOLE], CALENDARS[ALSACE_MOSELLE]
GOOD_FRIDAYS = [
    *(date(2020, 4, 10), date(2021, 4, 2), date(2022, 4, 15), date(2023, 4, 7), date(2024, 3, 29), date(2025, 4, 18)),
    *(date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14), date(2029, 3, 30), date(2030, 4, 19)),
]
calendars = st.sampled_from([FRANCE, GRAND_EST, Calendar()])
days = st.dates(date(2019, 6, 1), date(2031, 6, 1))


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_the_year_as_the_holidays_package_has_it(year: int) -> None:
    for subdivision, calendar in ((None, FRANCE), ("57", GRAND_EST)):
        off = holidays.country_holidays("FR", subdiv=subdivision, years=year)
        for n in range(365):
            day = date(year, 1, 1) + timedelta(days=n)
            assert calendar.is_working(day) == (day.weekday() < 5 and day not in off)


@pytest.mark.parametrize("good_friday", GOOD_FRIDAYS)
def test_good_friday_is_off_in_alsace_moselle_only(good_friday: date) -> None:
    assert FRANCE.is_working(good_friday)
    assert not GRAND_EST.is_working(good_friday)
    easter_monday = good_friday + timedelta(days=3)
    assert not FRANCE.is_working(easter_monday)
    assert FRANCE.add(good_friday - timedelta(days=1), 1) == good_friday
    assert GRAND_EST.add(good_friday - timedelta(days=1), 1) == easter_monday + timedelta(days=1)


@pytest.mark.parametrize("year", [year for year in YEARS if date(year, 12, 26).weekday() < 5])
def test_26_december_is_off_in_alsace_moselle_only(year: int) -> None:
    assert FRANCE.is_working(date(year, 12, 26))
    assert not GRAND_EST.is_working(date(year, 12, 26))


@pytest.mark.parametrize(
    ("caisse", "expected"),
    [("681", ALSACE_MOSELLE), ("671", ALSACE_MOSELLE), ("571", ALSACE_MOSELLE), ("091", METROPOLE), ("974", METROPOLE)],
)
def test_zone_of_a_caisse(caisse: str, expected: str) -> None:
    assert zone(caisse) == expected


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 5, 7), 1, date(2026, 5, 11)),  # 8 May is off, then a week-end
        (date(2026, 5, 9), 1, date(2026, 5, 11)),
        (date(2026, 5, 9), 0, date(2026, 5, 11)),
        (date(2026, 5, 11), 0, date(2026, 5, 11)),
        (date(2026, 5, 11), -1, date(2026, 5, 7)),
        (date(2026, 5, 10), -1, date(2026, 5, 7)),
        (date(2026, 12, 24), 5, date(2027, 1, 4)),
    ],
)
def test_days_written_out(start: date, count: int, end: date) -> None:
    assert FRANCE.add(start, count) == end


def test_past_the_last_year_says_so() -> None:
    with pytest.raises(OverflowError):
        FRANCE.add(date.max, 1)


@given(calendars, days, st.integers(-600, 600))
def test_add_is_a_walk_from_day_to_day(calendar: Calendar, start: date, count: int) -> None:
    day, left = start, abs(count)
    while left:
        day += timedelta(days=1 if count > 0 else -1)
        left -= calendar.is_working(day)
    while not count and not calendar.is_working(day):
        day += timedelta(days=1)
    assert calendar.add(start, count) == day


@given(calendars, days, st.integers(-600, 600))
def test_count_undoes_add(calendar: Calendar, start: date, count: int) -> None:
    first = calendar.add(start, 0)
    end = calendar.add(first, count)
    assert calendar.is_working(end)
    assert calendar.count(first, end) == count
    assert calendar.add(end, -count) == first


@given(calendars, days, days, days)
def test_counts_add_up_and_turn_negative(calendar: Calendar, one: date, two: date, three: date) -> None:
    assert calendar.count(one, two) == -calendar.count(two, one)
    assert calendar.count(one, two) + calendar.count(two, three) == calendar.count(one, three)
    first, last = min(one, two), max(one, two)
    walked = sum(calendar.is_working(first + timedelta(days=n)) for n in range(min((last - first).days, 60)))
    assert calendar.count(first, min(last, first + timedelta(days=60))) == walked
