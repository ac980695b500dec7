"""Opening a form that is made for one dossier: what was typed before is there, and each pause is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gca_tui.domain.calendar import zone
from gca_tui.store.drafts import Begun, Place
from gca_tui.ui.beneath import Beneath, farewell
from gca_tui.ui.forms.fields import FormSpec
from gca_tui.ui.forms.plan import Day, Plan
from gca_tui.ui.forms.screen import FormScreen, FormValues
from gca_tui.ui.messages import Settled
from gca_tui.ui.work import CLOSING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gca_tui.domain.command import Command
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.opener import Opener

Then = Callable[[BaseException | None], None]
"""Told, on the screen's own thread, that what was saved is in the dossier, or why it is not."""
NOTHING_NEW = "Rien de nouveau : rien n’est enregistré."


def day_of(desk: Desk, caisse: str) -> Day:
    """Today, and the calendar of a caisse."""
    return Day(desk.today, desk.calendars[zone(caisse)])


@dataclass
class Keeping:
    """The draft of one form over one dossier; `first` is what stands there before anything is typed."""

    desk: Desk
    dossier: Dossier
    kind: str
    target: str = ""
    first: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where it is kept."""
        return Place(self.dossier.caisse, self.dossier.matricule, self.kind, self.target)

    def keep(self, fields: Mapping[str, str]) -> None:
        """Keep what is typed; no fields: forget it."""
        self.desk.put_draft(self.place, fields, Begun(self.dossier.rev, self.first))

    def tell(self, screen: Opener, beneath: Beneath) -> None:
        """Say what becomes of what was typed, once the form is closed without saving."""
        if beneath.is_gone:
            screen.refuse(farewell(self.desk, (self.place.caisse, self.place.matricule)))
        else:
            screen.announce("Brouillon gardé." if self.desk.draft(self.place) else "")

    def start(self) -> tuple[Mapping[str, str], str]:
        """What to show first, and of when it is if it was typed before."""
        return self.desk.draft(self.place) or (self.first, "")


def give(screen: Opener, commands: Sequence[Command], said: str, draft: Place, then: Then | None = None) -> None:
    """Have commands applied as one, the draft going with them; `then` is told once they are, or are refused."""
    future = screen.desk.record(list(commands), draft=draft)
    closing = any(command.kind == CLOSING for command in commands)

    def settled(done: Future[Any]) -> None:
        screen.post_message(Settled(done, said, closing))
        if then is not None:
            screen.app.call_later(then, done.exception())

    future.add_done_callback(settled)


def open_plan(
    screen: Opener,
    plan: Plan,
    dossier: Dossier,
    *,
    target: str = "",
    first: Mapping[str, str] | None = None,
    subtitle: str = "",
    form: type[FormScreen] = FormScreen,
    then: Then | None = None,
) -> FormScreen:
    """Open a plan's form over a dossier. `first` is what its fields hold where no draft does."""
    desk, key = screen.desk, (dossier.caisse, dossier.matricule)
    day = day_of(desk, dossier.caisse)
    keeping = Keeping(desk, dossier, plan.kind, target, first or {})
    initial, resumed = keeping.start()
    spec = FormSpec(plan.title, subtitle or _named(dossier), tuple(plan.fields(day)), plan.kind, target, plan.confirm)
    beneath = Beneath(desk, dossier)
    shown = form(spec, today=day.today, initial=initial, resumed=resumed, on_draft=keeping.keep, beneath=beneath)

    def answered(answers: FormValues | None) -> None:
        if answers is None:
            keeping.tell(screen, beneath)
            return
        commands = plan.commands(answers, lambda: desk.stamp(key), day, target)
        if commands:
            said = plan.told(answers, dossier) if plan.told else plan.done
            give(screen, commands, said, keeping.place, then)
        else:
            keeping.keep({})
            screen.announce(NOTHING_NEW)

    screen.app.push_screen(shown, answered)
    return shown


def _named(dossier: Dossier) -> str:
    return f"{dossier.key.label} {dossier.allocataire.label}"
