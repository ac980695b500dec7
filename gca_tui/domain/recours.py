"""The calendar of a notification: until when the family may do what, family of recourse by family of recourse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.trop_percu import Notification


@dataclass(frozen=True)
class Delai:
    """One delay. `objet` says what may be done until then (`rectification`, `recours`, `documents`, `reponse`…).

    `familles` are codes of recourse families. `le` is its last day, None while the reception is not recorded: then
    `relatif` says it in words. `suspendu`: a médiation under way suspends it. `a_valider`: its text was not read.
    """

    objet: str
    familles: tuple[str, ...]
    relatif: str
    le: date | None = None
    suspendu: bool = False
    a_valider: bool = False
    source: str = ""


def calendrier(dossier: Dossier, notification: Notification, context: Context) -> tuple[Delai, ...]:
    """Every delay of the notification, the nearest first."""
    return ()
