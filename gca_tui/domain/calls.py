"""The calls to make: explanations to announce, calls that were planned, rendez-vous by telephone.

Day by day only: whether one is due today is a comparison for whoever reads the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from gca_tui.domain.calendar import Calendar, zone
from gca_tui.domain.closing import SETTLED, attempts, must_explain
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import CLOS, TRANSMIS, Dossier
from gca_tui.domain.traces import Contact

MATIN, APRES_MIDI = "matin", "apres_midi"
DEMI_JOURNEES = {MATIN: "matin", APRES_MIDI: "après-midi"}
EXPLICATION, RENDEZ_VOUS, CAMPAGNE, AUTRE = "explication", "rendez_vous", "campagne", "autre"
OBJETS = {
    EXPLICATION: "explication d’un trop-perçu",
    RENDEZ_VOUS: "rendez-vous",
    CAMPAGNE: "campagne de prévention",
    AUTRE: "autre",
}
_BY_TELEPHONE = "telephone"
_NOON = 12


class Call(NamedTuple):
    """One call to make from a day on. `essais` counts the attempts since there is a reason to call.

    `appel` is the id of the planned call or of the rendez-vous, "" for an explanation that nobody planned to announce;
    `moment` is a half-day of DEMI_JOURNEES or an hour `HH:MM`.
    """

    le: date
    objet: str
    essais: int = 0
    moment: str = ""
    campagne: str = ""
    appel: str = ""


def calls(dossier: Dossier, context: Context) -> tuple[Call, ...]:
    """Every call to make, the earliest first; none once the dossier is closed or has left the queue."""
    if not (dossier.notifications or dossier.appels_prevus or dossier.rendez_vous):
        return ()
    if dossier.etat in (CLOS, TRANSMIS):
        return ()
    found = [*_planned(dossier), *_rendez_vous(dossier), *_explanations(dossier, context)]
    return tuple(sorted(found, key=lambda call: (call.le, call.objet, call.appel)))


def _planned(dossier: Dossier) -> Iterator[Call]:
    for appel in dossier.open_calls:
        tried = [one for one in dossier.contacts if one.at >= appel.at]
        yield Call(appel.le, appel.objet, len(tried), appel.demi_journee, appel.campagne, appel.id)


def _rendez_vous(dossier: Dossier) -> Iterator[Call]:
    for one in dossier.rendez_vous:
        if one.le and one.forme == _BY_TELEPHONE and not one.resultat:
            yield Call(one.le, RENDEZ_VOUS, 0, one.heure, "", one.id)


def _explanations(dossier: Dossier, context: Context) -> Iterator[Call]:
    """Letters sent, at or above the threshold, of which the family was told nothing yet; one planned call is enough."""
    if any(appel.objet == EXPLICATION for appel in dossier.open_calls):
        return
    for letter in dossier.notifications:
        sent = letter.extrait.notifiee_le
        if sent is None or not must_explain(dossier, letter, context):
            continue
        tried = attempts(dossier, letter)
        if any(contact.resultat in SETTLED for contact in tried):
            continue
        last = max((contact.le for contact in tried if contact.le), default=None)
        calendar = context.calendars[zone(dossier.caisse)]
        yield Call(next_try(last, "", calendar)[0] if last else sent, EXPLICATION, len(tried))


def next_try(le: date, demi_journee: str, calendar: Calendar) -> tuple[date, str]:
    """The next jour ouvré, on the other half of the day: who did not answer one morning may in the afternoon."""
    return calendar.add(le, 1), MATIN if demi_journee == APRES_MIDI else APRES_MIDI


def half_day(hour: int) -> str:
    """The half-day of an hour on the agents' clock."""
    return MATIN if hour < _NOON else APRES_MIDI


def settled_by(dossier: Dossier, resultat: str, le: date) -> tuple[str, ...]:
    """The planned calls that a contact of that day settles: those due, and later tries once the family was reached."""
    return tuple(
        appel.id
        for appel in dossier.open_calls
        if appel.le <= le or (resultat in SETTLED and appel.objet == EXPLICATION)
    )


def wants_next_try(contact: Contact) -> bool:
    """Whether the family was not reached, and may be another time."""
    return contact.resultat not in SETTLED
