"""Calls: the outcome of one in two keys, what was said, the next try, and those to plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.french import short_date
from gca_tui.ui.actions.base import Action, Situation, needs_dossier, needs_open
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from gca_tui.domain.command import Command
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.screens.queue import QueueScreen

FULL, NEW = "formulaire", "nouveau"
LETTERS = {"joint": "j", "non_joint": "n", "message": "m", "refus": "r", "impossible": "i"}
_TITLE = 58
"""Cells of a line of a chooser's title."""
TOLD = ("joint", "refus")
"""Outcomes after which something was said."""


def contact(screen: QueueScreen) -> None:
    """Say in one letter how the call of today went; another way or day has the full form."""
    dossier = screen.dossier()
    if dossier is None:
        return
    from gca_tui.domain.commands.trace import RESULTATS_CONTACT
    from gca_tui.presentation.fitting import wrapped
    from gca_tui.presentation.holding import held

    width = min(_TITLE, screen.app.size.width - 8)
    numbers = wrapped(" · ".join(map(held, dossier.contact_details.telephones)) or "aucun numéro connu", width)
    choices = [Choice(name, label, LETTERS[name]) for name, label in RESULTATS_CONTACT.items()]
    choices.append(Choice(FULL, "autre canal, autre jour, compte rendu", "a"))
    title = "\n".join(("Contact avec l’allocataire : appel d’aujourd’hui", *numbers))

    def chosen(value: str | None) -> None:
        if value is not None:
            _record(screen, dossier, value)

    screen.app.push_screen(Chooser(title, choices), chosen)


def _record(screen: QueueScreen, dossier: Dossier, outcome: str) -> None:
    from gca_tui.domain.calls import settled_by
    from gca_tui.domain.commands import LogContact
    from gca_tui.ui.forms.calls import contact_plan, impossible_plan
    from gca_tui.ui.forms.opening import open_plan

    if outcome in (FULL, "impossible"):
        form = (contact_plan if outcome == FULL else impossible_plan)(partial(settled_by, dossier))
        open_plan(screen, form, dossier, then=lambda error: None if error else _try_again(screen, dossier))
        return
    today, stamp = screen.desk.today, screen.desk.stamp((dossier.caisse, dossier.matricule))
    settled = settled_by(dossier, outcome, today)
    command = LogContact(**stamp, canal="telephone", resultat=outcome, le=today, appels=settled)
    _recorded(screen, command, lambda: _after(screen, dossier, outcome))


def _try_again(screen: QueueScreen, before: Dossier) -> None:
    """Propose the next try when the contact just recorded did not reach the family."""
    from gca_tui.domain.calls import wants_next_try

    dossier = screen.desk.dossier((before.caisse, before.matricule))
    if dossier and dossier.contacts and wants_next_try(dossier.contacts[-1]):
        _propose(screen, dossier)


def _recorded(screen: QueueScreen, command: Command, then: Callable[[], None]) -> None:
    """Record, then go on once it is in the dossier."""
    from gca_tui.ui.messages import Settled

    future = screen.desk.record([command])

    def settled(done: Future[list[Dossier]]) -> None:
        screen.post_message(Settled(done, "Appel enregistré"))
        if done.exception() is None:
            screen.app.call_later(then)

    future.add_done_callback(settled)


def _after(screen: QueueScreen, dossier: Dossier, outcome: str) -> None:
    """What was said, when something was; else the next try."""
    from gca_tui.ui.forms.note import open_note
    from gca_tui.ui.screens.chooser import Reader

    if outcome in TOLD:
        lines = ["La note garde ce qui a été dit, pour l’accueil et pour le prochain appel."]
        reader = Reader("Noter ce qui a été dit ?", lines, confirm="écrire la note", refuse="sans note")
        screen.app.push_screen(reader, lambda yes: open_note(screen, dossier) if yes else None)
    else:
        _propose(screen, dossier)


def _propose(screen: QueueScreen, dossier: Dossier) -> None:
    """The next try: another day, the other half of it; Enter plans it, `d` chooses."""
    from gca_tui import clock
    from gca_tui.domain.calls import DEMI_JOURNEES, half_day, next_try
    from gca_tui.domain.commands import PlanCall
    from gca_tui.ui.forms.dates import full_day
    from gca_tui.ui.forms.opening import day_of
    from gca_tui.ui.screens.chooser import Reader

    day = day_of(screen.desk, dossier.caisse)
    le, half = next_try(day.today, half_day(clock.local(clock.now()).hour), day.calendar)
    lines = [f"{full_day(le).capitalize()}, {DEMI_JOURNEES[half]}.", "", "d : un autre moment"]

    def answered(yes: bool | None) -> None:
        if yes:
            stamp = screen.desk.stamp((dossier.caisse, dossier.matricule))
            said = f"Prochain essai le {short_date(le)}, {DEMI_JOURNEES[half]}"
            screen.work.give([PlanCall(**stamp, le=le, demi_journee=half)], said)

    keys = {"d": lambda: screen.work.form("plan_call", dossier)}
    reader = Reader("Prévoir le prochain essai ?", lines, confirm="prévoir", refuse="ne rien prévoir", keys=keys)
    screen.app.push_screen(reader, answered)


def plan(screen: QueueScreen) -> None:
    """Plan a call, or one on each marked dossier."""
    if keys := screen.marked_keys():
        screen.work.many_by_form("plan_call", keys)
    elif dossier := screen.dossier():
        _plan_one(screen, dossier)


def _plan_one(screen: QueueScreen, dossier: Dossier) -> None:
    """A call to plan, or one of those planned that is not to be made any more."""
    planned = [Choice(one.id, f"Annuler l’appel prévu le {short_date(one.le)}") for one in dossier.open_calls]

    def chosen(value: str | None) -> None:
        if value == NEW:
            screen.work.form("plan_call", dossier)
        elif value is not None:
            screen.work.form("cancel_call", dossier, value)

    if planned:
        screen.app.push_screen(Chooser("Appels prévus", [Choice(NEW, "Prévoir un autre appel", "n"), *planned]), chosen)
    else:
        chosen(NEW)


def _open_or_marked(situation: Situation) -> str | None:
    return None if situation.marked else needs_open(situation)


ACTIONS = (
    Action("contact", "a", "appel", "Noter le résultat d’un appel, ou un autre contact avec l’allocataire.", contact,
           "f8", needs_dossier, footer=True),
    Action("plan_call", "A", "prévoir un appel",
           "Prévoir un appel, l’annuler, ou une campagne sur les dossiers marqués.", plan, refusal=_open_or_marked),
)  # fmt: skip
