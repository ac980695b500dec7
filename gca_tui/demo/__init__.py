"""Invented dossiers for a demonstration: a fixed showcase, then a crowd drawn from a seed.

Nobody here exists. The scene is the convention between the Caf du Haut-Rhin (681) and the Caf de l'Ariège (091), and
71,65 % of what comes in is dematerialised, as the Caf de l'Ardèche reports; every other figure, share, amount and date
is an invention of the demonstration and says nothing about any caisse. Dossiers are given as commands, so that they
enter a store by the same way as true ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gca_tui.demo.population import Population
from gca_tui.demo.rules import settings
from gca_tui.demo.scribe import AGENT, COLLEAGUE, CONVENTION, REFERENT, Cast, DemoDossier, Diary
from gca_tui.demo.showcase import SHOWCASE, showcase_dossier
from gca_tui.domain.values import Author

DEFAULT_COUNT = 300
_FIRST_DRAWN = 20
"""Number of the first dossier of the crowd: a greater showcase does not draw the crowd anew."""
_OWN_IDS = 1 << 60
"""Bit by which the ids of the showcase differ from those of the crowd."""


def dossiers(count: int, seed: int, today: date, agent: Author) -> Iterator[DemoDossier]:
    """So many invented dossiers, one at a time, the same for the same seed, day and agent.

    A greater `count` adds dossiers after the others and changes none; the showcase comes first. Keys are unique.
    """
    diary, cast = Diary(today), Cast.around(agent)
    crowd = Population(seed, diary, cast)
    for index in range(count):
        if index < len(SHOWCASE):
            yield showcase_dossier(index, diary, cast, crowd.first_id ^ _OWN_IDS)
        else:
            yield crowd.dossier(_FIRST_DRAWN + index - len(SHOWCASE))


__all__ = ["AGENT", "COLLEAGUE", "CONVENTION", "DEFAULT_COUNT", "REFERENT", "DemoDossier", "dossiers", "settings"]
