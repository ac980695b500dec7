"""What one process of the remote store shares between its calls: the base, the clock, the rules, the bell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from gca_tui import clock, reference
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar, Calendars
from gca_tui.domain.command import Context
from gca_tui.domain.settings import Settings
from gca_tui.server import seals
from gca_tui.server.base import Base
from gca_tui.server.bell import Bell
from gca_tui.server.pages import Pages
from gca_tui.server.tables import META
from gca_tui.store.rules import SETTINGS, parsed

YEARS = range(2000, 2061)
"""Years whose public holidays are known: those of the local store, so that both sides count alike."""


class Service:
    """A base and what serves it. Threads share one."""

    def __init__(self, base: Base, now: Callable[[], datetime] = clock.now, bell: Bell | None = None) -> None:
        self.base = base
        self.now = now
        self.bell = bell or Bell(base)
        self._rules = lru_cache(maxsize=8)(parsed)
        self._lexicon = reference.lexicon()
        self.pages = Pages()
        self._seal_keys: dict[str, str] = {}

    def instant(self) -> str:
        """The present instant as the tables hold it: ISO, UTC."""
        return self.now().isoformat()

    def settings(self, written: str | None) -> Settings:
        """Settings as the base holds them. Raises StoreDamaged."""
        return self._rules(written or None)

    def seal_key(self, connection: Connection, epoch: str) -> str:
        """The key of the seals; another epoch may have brought another one."""
        if epoch not in self._seal_keys:
            self._seal_keys = {epoch: seals.key(connection)}
        return self._seal_keys[epoch]

    def context(self, connection: Connection) -> Context:
        """What the rules know now, with the settings in force. Raises StoreDamaged."""
        return self.context_of(connection.execute(select(META.c.value).where(META.c.name == SETTINGS)).scalar())

    def context_of(self, written: str | None) -> Context:
        """The same from settings that were read already (`Who.settings`)."""
        today = clock.local(self.now()).date()
        return Context(today, calendars(), self.settings(written), self._lexicon)

    def close(self) -> None:
        """Wake those who wait, and close the base."""
        self.bell.close()
        self.base.close()


@lru_cache(maxsize=1)
def calendars() -> Calendars:
    """The jours ouvrés of both zones."""
    import holidays

    return {
        METROPOLE: Calendar(holidays.country_holidays("FR", years=YEARS)),
        ALSACE_MOSELLE: Calendar(holidays.country_holidays("FR", subdiv="57", years=YEARS)),
    }
