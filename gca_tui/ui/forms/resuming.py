"""Opening again what was begun: the form or the workshop a draft belongs to, and what it is called in a list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.calls import settled_by
from gca_tui.store.drafts import EXPLANATION
from gca_tui.ui.forms.calls import contact_plan, impossible_plan
from gca_tui.ui.forms.facts import ALL, letter_facts
from gca_tui.ui.forms.family import TITLES, open_family
from gca_tui.ui.forms.months import part_months
from gca_tui.ui.forms.note import open_note
from gca_tui.ui.forms.opening import open_plan
from gca_tui.ui.forms.plans import PLANS
from gca_tui.ui.forms.steps import demarche_plan
from gca_tui.ui.waiting.conflict import CONFLICT, open_conflict

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.domain.trop_percu import Notification
    from gca_tui.store.drafts_left import Left
    from gca_tui.ui.screens.queue import QueueScreen

FACTS, MONTHS, NOTE, DEMARCHE = "facts", "months", "note", "demarche"
_CALLS = {"contact": contact_plan, "contact_impossible": impossible_plan}
_LABELS = {
    EXPLANATION: "explication",
    FACTS: "faits d’un trop-perçu",
    MONTHS: "mois d’un trop-perçu",
    NOTE: "note",
    CONFLICT: "conflit",
    "contact_impossible": "contact impossible",
}
GONE = "Ce sur quoi porte ce brouillon n’est plus dans le dossier ; le texte reste gardé."


def label(left: Left) -> str:
    """`note 681·0123456`."""
    plan = PLANS.get(left.kind)
    title = TITLES.get(left.kind) or (plan.title if plan else left.kind)
    name = _LABELS.get(left.kind) or f"{title[:1].lower()}{title[1:]}"
    return f"{name} {left.caisse}·{left.matricule}"


def resume(screen: QueueScreen, left: Left) -> None:
    """Open it; said where what it is about is not there any more."""
    dossier = screen.desk.dossier((left.caisse, left.matricule))
    if dossier is None:
        screen.refuse(GONE)
    elif left.kind == CONFLICT:
        open_conflict(screen, left.target)
    elif left.kind in (EXPLANATION, FACTS, MONTHS):
        _owed(screen, dossier, left)
    elif left.kind in _CALLS:
        open_plan(screen, _CALLS[left.kind](partial(settled_by, dossier)), dossier)
    elif left.kind in TITLES:
        open_family(screen, dossier, left.kind)
    elif left.kind == NOTE:
        _note(screen, dossier, left.target)
    elif left.kind == DEMARCHE:
        open_plan(screen, demarche_plan([one for one in dossier.notifications if one.trop_percus]), dossier)
    elif left.kind in PLANS:
        open_plan(screen, PLANS[left.kind], dossier, target=left.target)
    else:
        screen.refuse(GONE)


def _note(screen: QueueScreen, dossier: Dossier, corrected: str) -> None:
    text = next((one.texte for one in dossier.notes if one.id == corrected), "")
    open_note(screen, dossier, corrected, text)


def _owed(screen: QueueScreen, dossier: Dossier, left: Left) -> None:
    """Targets are the notification's id, and the trop-perçu's after a space where the form is about one."""
    for letter in dossier.notifications:
        if left.target == letter.id and left.kind == EXPLANATION:
            from gca_tui.ui.actions.workshop import open_letter

            open_letter(screen, dossier, letter.id)
            return
        if left.target == letter.id and left.kind == FACTS:
            letter_facts(screen, dossier, letter, ALL)
            return
        if left.target.startswith(f"{letter.id} ") and _part(screen, dossier, letter, left):
            return
    screen.refuse(GONE)


def _part(screen: QueueScreen, dossier: Dossier, letter: Notification, left: Left) -> bool:
    wanted = left.target.removeprefix(f"{letter.id} ")
    part = next((one for one in letter.trop_percus if one.id == wanted), None)
    if part is None:
        return False
    if left.kind == FACTS:
        letter_facts(screen, dossier, letter, part.id)
    else:
        part_months(screen, dossier, letter, part)
    return True
