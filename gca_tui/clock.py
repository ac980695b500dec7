"""The only place that reads the clock. `GCA_MAINTENANT` (an ISO instant) stops it, for demonstrations and tests."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from gca_tui.errors import InputError

FROZEN = "GCA_MAINTENANT"
_PARIS = "Europe/Paris"


def now() -> datetime:
    """The present instant, UTC. Raises InputError when what stops the clock is not an instant."""
    frozen = os.environ.get(FROZEN)
    if frozen:
        try:
            instant = datetime.fromisoformat(frozen)
        except ValueError:
            raise InputError(
                f"{FROZEN} n’est pas un instant (« {frozen} »).",
                "Rien n’a été fait.",
                "Écrivez-le 2026-11-12T09:30:00+00:00, ou enlevez cette variable.",
            ) from None
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The instant on the agents' clock (Paris)."""
    return instant.astimezone(ZoneInfo(_PARIS))


def today() -> date:
    """The agents' day (Paris)."""
    return local(now()).date()
