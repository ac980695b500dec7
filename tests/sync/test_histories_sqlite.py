"""T1 on SQLite: random histories hold (`histories.py`). The number of a test is the seed of its histories."""

from __future__ import annotations

import pytest

from tests.sync.conftest import FIRST, SOAK
from tests.sync.histories import run
from tests.sync.world import Ground

SHARDS, EXAMPLES = 8, 26


@pytest.mark.parametrize("number", range(FIRST, FIRST + SHARDS * SOAK))
def test_histories_hold(sqlite_ground: Ground, hurry: None, number: int) -> None:
    run(sqlite_ground, number, EXAMPLES)


@pytest.mark.skipif(SOAK == 1, reason="make soak")
@pytest.mark.parametrize("number", range(FIRST, FIRST + SOAK))
def test_long_histories_hold(sqlite_ground: Ground, hurry: None, number: int) -> None:
    run(sqlite_ground, number, 4, steps=400)
