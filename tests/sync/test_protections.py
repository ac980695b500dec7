"""Each protection of the exchanges at work; `docs/protections.md` says what becomes of these without it."""

from __future__ import annotations

import pytest

from tests.sync.scenarios import SCENARIOS
from tests.sync.world import World


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_protection_holds(world: World, name: str) -> None:
    SCENARIOS[name](world)
