"""What an agent does to dossiers: forms, commands, undo, several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gca_tui.domain.calendar import zone
from gca_tui.domain.french import count
from gca_tui.ui.messages import Settled

if TYPE_CHECKING:
    from gca_tui.domain.command import Command
    from gca_tui.domain.dossier import Dossier
    from gca_tui.store.drafts import Place
    from gca_tui.ui.desk import Desk, Key
    from gca_tui.ui.forms.plans import Day, Plan
    from gca_tui.ui.screens.queue import QueueScreen

BULK_LIMIT = 1_000
"""Dossiers that one action may change together: more is a decision for somebody else than a key press."""
CLOSING = "close"
NOTHING_TO_UNDO = "Rien à annuler : vos changements précédents sont définitifs."
ALREADY_SENT = "Rien à annuler ici : vos changements sont déjà sur le serveur. Corrigez par un nouveau changement."


@dataclass(frozen=True)
class DryRun:
    """What an action on several dossiers would do."""

    possible: list[Command]
    refused: list[tuple[str, str]]


class Work:
    """Opens forms and gives commands for the screen; answers come back to it as messages."""

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        desk.on_failure = self._failed

    def form(self, kind: str, dossier: Dossier, target: str = "", initial: dict[str, str] | None = None) -> None:
        """Open a form over one dossier, with what was typed there before, or with `initial`."""
        from gca_tui.ui.forms.opening import open_plan
        from gca_tui.ui.forms.plans import PLANS

        open_plan(self._screen, PLANS[kind], dossier, target=target, first=initial)

    def give(self, commands: Sequence[Command], said: str, *, draft: Place | None = None, many: bool = False) -> None:
        """Have commands applied as one; the draft they come from goes once they are."""
        closing = any(command.kind == CLOSING for command in commands)
        self._tell(self._desk.record(list(commands), draft=draft), said, closing=closing, many=many)

    def undo(self) -> None:
        """Take the last change back."""
        self._tell(self._desk.undo(), "")

    def many(
        self, make: Callable[[Key], Command], keys: Sequence[Key], against: Callable[[Key], str] = lambda _: ""
    ) -> DryRun:
        """What would happen to each dossier; nothing changes. `against` says what else is against one."""
        from gca_tui.domain.apply import apply
        from gca_tui.domain.command import CommandRefused

        context = self._desk.context()
        run = DryRun([], [])
        for key in keys:
            command = make(key)
            try:
                if reason := against(key):
                    raise CommandRefused("claim", reason)
                apply(self._desk.dossier(key), command, context)
            except CommandRefused as refusal:
                run.refused.append((f"{key[0]}·{key[1]}", refusal.reason))
            else:
                run.possible.append(command)
        return run

    def confirm_many(self, title: str, run: DryRun, done: str) -> None:
        """Say what would happen, then do it once confirmed. One undo takes all of it back."""
        from gca_tui.ui.screens.chooser import Reader

        head = f"{count(len(run.possible), 'possible')}, {count(len(run.refused), 'refusé')}"
        lines = [head, "", *(f"refusé  {key}  {reason}" for key, reason in run.refused)]
        lines += [f"possible  {command.key.label}" for command in run.possible]

        def answered(yes: bool | None) -> None:
            if yes and run.possible:
                self.give(run.possible, f"{done} : {head}.", many=True)

        self._screen.app.push_screen(Reader(title, lines, confirm="appliquer" if run.possible else ""), answered)

    def many_by_form(self, kind: str, keys: Sequence[Key]) -> None:
        """The same form for several dossiers, then the dry run."""
        from gca_tui.ui.forms import FormScreen, FormSpec
        from gca_tui.ui.forms.plans import PLANS

        plan: Plan = PLANS[kind]
        day = self._day(keys[0][0])
        spec = FormSpec(plan.title, count(len(keys), "dossier"), tuple(plan.fields(day)), plan.kind, "*", plan.confirm)

        def answered(answers: dict[str, Any] | None) -> None:
            if answers is not None:
                run = self.many(lambda key: self._first(plan, answers, key, day), keys)
                self.confirm_many(plan.title, run, plan.done)

        self._screen.app.push_screen(FormScreen(spec, today=day.today), answered)

    def _first(self, plan: Plan, answers: dict[str, Any], key: Key, day: Day) -> Command:
        return plan.commands(answers, lambda: self._desk.stamp(key), day, "")[0]

    def _day(self, caisse: str) -> Day:
        from gca_tui.ui.forms.plans import Day

        return Day(self._desk.today, self._desk.calendars[zone(caisse)])

    def _failed(self, error: BaseException) -> None:
        future: Future[Any] = Future()
        future.set_exception(error)
        self._tell(future, "")

    def _tell(self, future: Future[Any], said: str, *, closing: bool = False, many: bool = False) -> None:
        future.add_done_callback(lambda done: self._screen.post_message(Settled(done, said, closing, many)))


def undone(commands: Sequence[Command], *, is_tied: bool = False) -> str:
    """What an undo did, in words."""
    from gca_tui.presentation.dossier_text import KINDS

    if not commands:
        return ALREADY_SENT if is_tied else NOTHING_TO_UNDO
    first = commands[0]
    what = KINDS.get(first.kind, first.kind)
    many = f" sur {count(len({c.key for c in commands}), 'dossier')}" if len({c.key for c in commands}) > 1 else ""
    key = {"add_note": "o", "correct_note": "o", "edit_explanation": "x"}.get(first.kind)
    back = f" ; le texte est revenu dans le brouillon ({key})" if key else ""
    return f"Annulé : {what}, {first.key.label}{many}{back}."


def label(dossier: Dossier) -> str:
    """The dossier over a form."""
    return f"{dossier.key.label} {dossier.allocataire.label}"
