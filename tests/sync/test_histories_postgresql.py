"""T1 on PostgreSQL: random histories hold (`histories.py`). The number of a test is the seed of its histories."""

from __future__ import annotations

import pytest

from tests.sync.conftest import FIRST, SOAK
from tests.sync.histories import run
from tests.sync.world import Ground

SHARDS, EXAMPLES = 4, 13
OTHERS = 1_000_000
"""Seeds apart from those of SQLite."""


@pytest.mark.parametrize("number", range(FIRST + OTHERS, FIRST + OTHERS + SHARDS * SOAK))
def test_histories_hold(postgresql_ground: Ground, hurry: None, number: int) -> None:
    run(postgresql_ground, number, EXAMPLES)
