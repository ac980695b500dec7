"""When a server that did not answer is asked again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gca_tui.sync.retry import BASE, CAP, LONGEST, Backoff


def test_the_ceiling_doubles_up_to_the_cap() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.failed() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 5_000))
def test_the_wait_is_anywhere_below_the_ceiling(chance: float, failures: int) -> None:
    backoff = Backoff(lambda: chance)
    backoff.failures = failures
    assert backoff.failed() == chance * min(CAP, BASE * 2.0 ** min(failures, 16))


def test_a_success_starts_over() -> None:
    backoff = Backoff(lambda: 1.0)
    for _ in range(5):
        backoff.failed()
    backoff.succeeded()
    assert backoff.failed() == BASE


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 3_000))
def test_what_the_server_asks_for_wins_and_spreads(chance: float, asked: float) -> None:
    assert asked <= Backoff(lambda: chance).failed(asked) <= asked + BASE


def test_a_server_cannot_send_a_machine_away_for_ever() -> None:
    assert Backoff(lambda: 0.5).failed(1e9) == LONGEST
    assert Backoff(lambda: 0.0).failed(-5.0) == 0.0
