"""The only place that reads the clock. `GCA_MAINTENANT` (an ISO instant) stops it, for demonstrations and tests."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FROZEN = "GCA_MAINTENANT"
_PARIS = "Europe/Paris"


def now() -> datetime:
    """The present instant, UTC."""
    frozen = os.environ.get(FROZEN)
    if frozen:
        instant = datetime.fromisoformat(frozen)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The instant on the agents' clock (Paris)."""
    return instant.astimezone(ZoneInfo(_PARIS))


def today() -> date:
    """The agents' day (Paris)."""
    return local(now()).date()
