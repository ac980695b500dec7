"""What a form asks, declared. Reading what was typed is pure; today is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.french import NBSP, short_date
from gca_tui.presentation.safe_text import pasted
from gca_tui.ui.forms.dates import full_day, read_day, read_time, spoken_time

FieldValue = str | date | None
"""Text, choice and hour (`HH:MM`) give a str, "" when left empty; a date gives a date, None when left empty."""

REQUIRED = "À remplir."
TO_CHOOSE = "À choisir."
OPTIONAL = "facultatif"
"""Said after the label of a field that need not be filled, unless its `tag` says more."""
_DAY_HINT, _PAST_HINT = "JJ/MM/AAAA, demain, jeudi, +5", "JJ/MM/AAAA, JJ/MM, hier, jeudi"


@dataclass(frozen=True)
class Reading:
    """What a field understood of what was typed."""

    value: FieldValue = ""
    error: str = ""
    """Why it cannot be taken, in French; "" when it can."""
    echo: str = ""
    """How it was understood, shown beside: the day in full letters."""


@dataclass(frozen=True)
class TextField:
    """A text, on one line or several. `check` gives a French sentence when the text, stripped, cannot be taken."""

    name: str
    label: str
    required: bool = False
    hint: str = ""
    multiline: bool = False
    check: Callable[[str], str | None] | None = None
    default: str = ""
    tag: str = OPTIONAL

    def read(self, raw: str, today: date) -> Reading:
        """The text without forbidden characters nor outer spaces, accents composed."""
        text = pasted(raw).strip()
        if not text:
            return Reading("", REQUIRED if self.required else "")
        return Reading(text, (self.check(text) if self.check else None) or "")

    def start(self, today: date) -> str:
        """What is there before anything is typed."""
        return self.default


@dataclass(frozen=True)
class DateField:
    """A day, as `dates.read_day` reads it. `calendar` allows `+10o`; `check` refuses a day with a French sentence.

    With `past` it is the day of something that has happened: `jeudi` and `12/11` are the last ones.
    """

    name: str
    label: str
    required: bool = True
    default: date | None = None
    hint: str = ""
    calendar: Calendar | None = None
    check: Callable[[date], str | None] | None = None
    past: bool = False
    tag: str = OPTIONAL

    def __post_init__(self) -> None:
        """The hint that goes with the days that are asked for."""
        if not self.hint:
            object.__setattr__(self, "hint", _PAST_HINT if self.past else _DAY_HINT)

    def read(self, raw: str, today: date) -> Reading:
        """The day, echoed in full letters, also when `check` refuses it."""
        text = pasted(raw).strip()
        if not text:
            return Reading(None, REQUIRED if self.required else "")
        try:
            day = read_day(text, today, self.calendar, past=self.past)
        except ValueError as refusal:
            return Reading(None, str(refusal))
        return Reading(day, (self.check(day) if self.check else None) or "", full_day(day))

    def start(self, today: date) -> str:
        """The default day as an agent would type it."""
        return short_date(self.default) if self.default else ""


@dataclass(frozen=True)
class TimeField:
    """An hour of the day, as `dates.read_time` reads it; `default` is `HH:MM`."""

    name: str
    label: str
    required: bool = True
    default: str = ""
    hint: str = f"10{NBSP}h{NBSP}30"
    tag: str = OPTIONAL

    def read(self, raw: str, today: date) -> Reading:
        """The hour, echoed as it is spoken."""
        text = pasted(raw).strip()
        if not text:
            return Reading("", REQUIRED if self.required else "")
        try:
            hour = read_time(text)
        except ValueError as refusal:
            return Reading("", str(refusal))
        return Reading(hour, echo=spoken_time(hour))

    def start(self, today: date) -> str:
        """The default hour as it is spoken."""
        return spoken_time(self.default) if self.default else ""


@dataclass(frozen=True)
class ChoiceField:
    """One of a few options (value -> label); `default` "" lets the agent begin with none chosen."""

    name: str
    label: str
    options: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    required: bool = True
    hint: str = ""
    tag: str = OPTIONAL

    def read(self, raw: str, today: date) -> Reading:
        """The value; one that is no longer an option (an old draft) is as none."""
        if raw in self.options:
            return Reading(raw)
        return Reading("", TO_CHOOSE if self.required else "")

    def start(self, today: date) -> str:
        """The default value."""
        return self.default


Field = TextField | DateField | TimeField | ChoiceField


@dataclass(frozen=True)
class FormSpec:
    """A form: what it is about, what it asks, and the draft it belongs to (`kind`, `target`)."""

    title: str
    subtitle: str
    fields: tuple[Field, ...]
    kind: str
    target: str = ""
    confirm: str = "Enregistrer"
