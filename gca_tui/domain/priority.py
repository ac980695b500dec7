"""Which dossier comes first, and why. Never by amount.

Rupture de droits or urgence first, then minima sociaux, then what is overdue, then the oldest reception; caisse and
matricule settle what is left, so that the order is total and the same everywhere.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from gca_tui.domain.calendar import Calendar, Calendars, zone
from gca_tui.domain.delays import Echeance, echeances
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import count, short_date, typeset
from gca_tui.domain.settings import Settings

URGENT, MINIMUM_SOCIAL, ORDINARY = range(3)


class Standing(NamedTuple):
    """What places a dossier, today left out. `anteriorite_le` leaves pièces de masse out, `recue_le` does not."""

    classe: int
    echeance: Echeance | None
    recue_le: date | None
    anteriorite_le: date | None


def standing(dossier: Dossier, calendars: Calendars, settings: Settings) -> Standing:
    """Where the dossier stands."""
    received = [demarche.recue_le for demarche in dossier.open_demarches if demarche.recue_le]
    aged, named = [], set(dossier.prestations)
    for piece in dossier.open_pieces:
        extrait = piece.extrait
        named.add(extrait.prestation)
        if extrait.recue_le:
            received.append(extrait.recue_le)
            if not extrait.masse:
                aged.append(extrait.recue_le)
    return Standing(
        classe=URGENT if dossier.urgence_active else ORDINARY if settings.minima.isdisjoint(named) else MINIMUM_SOCIAL,
        echeance=min(echeances(dossier, calendars, settings), key=lambda due: due.le, default=None),
        recue_le=min(received, default=None),
        anteriorite_le=min(aged, default=None),
    )


def order_key(key: Standing, caisse: str, matricule: str, today: date) -> tuple[int, bool, date, str, str]:
    """What sorts dossiers; the store's queries say the same in SQL."""
    overdue = key.echeance is not None and key.echeance.le < today
    return (key.classe, not overdue, key.recue_le or date.max, caisse, matricule)


def why(dossier: Dossier, place: Standing, today: date, calendars: Calendars, settings: Settings) -> str:
    """One sentence on why the dossier stands where it stands."""
    reasons = [
        *_class_reasons(dossier, place, settings),
        *_delay_reasons(place, today, calendars[zone(dossier.caisse)]),
    ]
    return typeset(f"Placé ici parce que : {', '.join(reasons)}.")


def _minima(dossier: Dossier, settings: Settings) -> list[str]:
    named = (*dossier.prestations, *(piece.extrait.prestation for piece in dossier.open_pieces))
    return [name for name in dict.fromkeys(named) if name in settings.minima]


def _class_reasons(dossier: Dossier, place: Standing, settings: Settings) -> list[str]:
    if place.classe == URGENT and (urgence := dossier.urgence_active):
        label = "rupture de droits" if urgence.nature == "rupture_de_droits" else "urgence signalée"
        return [f"{label} ({urgence.motif.rstrip('.')})" if urgence.motif else label]
    if place.classe == MINIMUM_SOCIAL:
        return [f"minimum social ({', '.join(_minima(dossier, settings))})"]
    return []


def _delay_reasons(place: Standing, today: date, calendar: Calendar) -> list[str]:
    reasons = []
    if place.echeance:
        late = calendar.count(place.echeance.le, today)
        if place.echeance.le < today and late:
            reasons.append(f"échéance dépassée de {count(late, 'jour ouvré', 'jours ouvrés')} ({place.echeance.objet})")
        elif place.echeance.le < today:
            reasons.append(f"échéance dépassée depuis le {short_date(place.echeance.le)} ({place.echeance.objet})")
        else:
            reasons.append(f"échéance le {short_date(place.echeance.le)} ({place.echeance.objet})")
    if place.recue_le:
        reasons.append(f"plus ancienne demande reçue le {short_date(place.recue_le)}")
    return reasons or ["aucune pièce ni démarche en cours"]
