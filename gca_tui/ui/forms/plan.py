"""What a form over a dossier is made of: its fields for a given day, and the commands that its answers make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.command import Command
from gca_tui.ui.forms.fields import DateField, Field, TextField

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier

Answers = dict[str, Any]
Stamp = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """Today, and the caisse's calendar."""

    today: date
    calendar: Calendar


@dataclass(frozen=True)
class Plan:
    """A form: its fields for a given day, its commands from the answers. `stamp` makes a new one for each command.

    `done` is announced once they are in the dossier.
    """

    kind: str
    title: str
    done: str
    fields: Callable[[Day], Sequence[Field]]
    commands: Callable[[Answers, Callable[[], Stamp], Day, str], Sequence[Command]]
    confirm: str = "Enregistrer"
    told: Callable[[Answers, Dossier], str] | None = None
    """What to announce instead of `done`, where the answers and the dossier before them say more."""


def one(make: Callable[[Answers, Stamp, Day, str], Command]) -> Callable[..., Sequence[Command]]:
    """The commands of a form that makes a single one."""
    return lambda answers, stamp, day, target: (make(answers, stamp(), day, target),)


def reasoned(command: Callable[..., Command]) -> Callable[..., Sequence[Command]]:
    """The commands of a form that makes a single one, of nothing but its reason."""
    return one(lambda answers, stamp, day, target: command(**stamp, motif=answers["motif"]))


def motif(label: str, hint: str = "") -> TextField:
    """A reason, which must be given."""
    return TextField("motif", label, required=True, hint=hint)


def after(today: date) -> Callable[[date], str | None]:
    """Refuses a day that is not after today."""
    return lambda day: None if day > today else "Choisissez un jour après aujourd’hui."


def not_after(today: date) -> Callable[[date], str | None]:
    """Refuses a day to come."""
    return lambda day: "Ce jour n’est pas encore venu." if day > today else None


def past_day(label: str, day: Day, name: str = "le", *, required: bool = True) -> DateField:
    """The day of something that has happened; today is proposed for one that must be given."""
    late, proposed = not_after(day.today), day.today if required else None
    return DateField(name, label, required, proposed, calendar=day.calendar, check=late, past=True)
