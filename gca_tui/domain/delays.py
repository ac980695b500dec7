"""When a dossier should be treated: targets, pauses kept as intervals, antériorité."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import NamedTuple

from gca_tui.domain.calendar import Calendar, Calendars, zone
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.pieces import Piece
from gca_tui.domain.settings import Settings, Target
from gca_tui.domain.traces import DEMARCHES, RECTIFICATION

RECTIFICATION_SILENCE_MONTHS = 1
"""Silence of the caisse on a demande de rectification is a rejection after one month (CSS R.133-9-2)."""


class Echeance(NamedTuple):
    """A day by which something is due, and what."""

    le: date
    objet: str


def add_months(day: date, months: int) -> date:
    """From quantième to quantième, or the last day of a shorter month; no extension for holidays (« à valider »)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if year > MAXYEAR else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def echeances(dossier: Dossier, calendars: Calendars, settings: Settings) -> Iterator[Echeance]:
    """Everything due on the dossier."""
    calendar = calendars[zone(dossier.caisse)]
    for piece in dossier.open_pieces:
        if piece.extrait.recue_le:
            target = _target(piece, dossier, settings)
            yield Echeance(due(piece.extrait.recue_le, target, dossier, calendar), f"pièce {piece.id}")
    for demarche in dossier.open_demarches:
        if demarche.recue_le is None:
            continue
        label = DEMARCHES.get(demarche.nature, demarche.nature)
        if demarche.nature == RECTIFICATION:
            yield Echeance(add_months(demarche.recue_le, RECTIFICATION_SILENCE_MONTHS), label)
        elif any(target.nature == demarche.nature for target in settings.targets):
            yield Echeance(due(demarche.recue_le, settings.target(demarche.nature, ""), dossier, calendar), label)
    for derogation in dossier.derogations:
        if derogation.fin and derogation.is_open:
            yield Echeance(derogation.fin, f"fin de la dérogation ({derogation.nature})")


def due(received: date, target: Target, dossier: Dossier, calendar: Calendar) -> date:
    """The target's last day, days spent waiting not counted."""
    last = _end(received, target.days, target.working, calendar)
    if not dossier.attentes:
        return last
    counted_from, paused = received + timedelta(days=received < date.max), 0
    for attente in sorted(dossier.attentes, key=lambda attente: attente.depuis):
        start, end = max(attente.depuis, counted_from), attente.end
        if start < end and start <= last:
            paused += calendar.count(start, end) if target.working else (end - start).days
            last = _end(received, target.days + paused, target.working, calendar)
            counted_from = end
    return last


@lru_cache(maxsize=4096)
def _end(received: date, days: int, working: bool, calendar: Calendar) -> date:
    """Remembered: hundreds of pièces are received on one day."""
    try:
        return calendar.add(received, days) if working else received + timedelta(days=days)
    except OverflowError:
        return date.max


def _target(piece: Piece, dossier: Dossier, settings: Settings) -> Target:
    nature, prestation = piece.extrait.nature, piece.extrait.prestation
    return _shortest(settings, nature, (prestation,) if prestation else (dossier.prestations or ("",)))


@lru_cache(maxsize=4096)
def _shortest(settings: Settings, nature: str, prestations: tuple[str, ...]) -> Target:
    """Remembered: a caisse has few natures, and the same prestations go together."""
    return min([settings.target(nature, name) for name in prestations], key=lambda target: target.days)
