"""Dates, periods, benefits and delays as they are said aloud to a family: in full, without abbreviation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from gca_tui import clock
from gca_tui.domain import months
from gca_tui.domain.delai import Delai
from gca_tui.domain.explanation.subject import Part
from gca_tui.domain.french import NBSP, count, possessive
from gca_tui.presentation.fitting import clip
from gca_tui.presentation.lines import TO_CONFIRM

_LABEL = 70
"""Cells of a name that nobody here chose."""


def spoken_day(day: date) -> str:
    """`1er décembre 2026`, in one piece."""
    return months.long_date(day).replace(" ", NBSP)


def spoken_moment(at: datetime) -> str:
    """The day of an instant on the agents' clock."""
    return spoken_day(clock.local(at).date())


def spoken_month(month: str) -> str:
    """`mars 2026` for `2026-03`, in one piece; anything else as it is given."""
    return clip(months.month_name(month), _LABEL).replace(" ", NBSP)


def spoken_period(concerned: Sequence[str]) -> str:
    """`de mars 2026 à juillet 2026`, `pour mars 2026`; "" without a month."""
    return clip(months.period(concerned), _LABEL)


def benefit(part: Part) -> str:
    """`votre prime d’activité`, `vos allocations familiales`."""
    if part.prestation is None:
        return f"votre prestation {clip(part.libelle, _LABEL)}".rstrip()
    return possessive(part.libelle.replace(" (Paje)", ""))


def left(delai: Delai, today: date) -> str:
    """What is left of a delay, in days where they are known: `il reste 12 jours, jusqu’au 2 décembre 2026`."""
    return _left(delai, today) + (f" ({TO_CONFIRM.replace(' ', NBSP)})" if delai.a_valider else "")


def _left(delai: Delai, today: date) -> str:
    if delai.suspendu:
        return f"le délai est {clip(delai.relatif, 90)}"
    if delai.le is None:
        return clip(delai.relatif, 120)
    days = (delai.le - today).days
    if days < 0:
        return f"le délai est passé depuis le {spoken_day(delai.le)}"
    if days == 0:
        return f"c’est le dernier jour, le {spoken_day(delai.le)}"
    return f"il reste {count(days, 'jour')}, jusqu’au {spoken_day(delai.le)}"
