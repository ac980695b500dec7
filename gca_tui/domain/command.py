"""What a command is: the only thing that changes a dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import Field

from gca_tui.domain.calendar import Calendars
from gca_tui.domain.dossier import Dossier, DossierKey
from gca_tui.domain.french import typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.settings import Settings
from gca_tui.domain.values import Author, Base, Value


@dataclass(frozen=True)
class Missing:
    """One thing to do before a command can pass, and the id of the action that does it."""

    text: str
    action: str = ""
    blocks: bool = True
    """False: it is said, and does not forbid the command."""


class CommandRefused(Exception):
    """A command that cannot be applied. `reason` is a French sentence an agent can act on; the dossier is untouched."""

    def __init__(self, code: str, reason: str, missing: tuple[Missing, ...] = ()) -> None:
        self.code = code
        self.reason = typeset(reason)
        super().__init__(self.reason)
        self.missing = missing


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the dossier and the command."""

    today: date
    calendars: Calendars
    settings: Settings = field(default_factory=Settings)
    lexicon: Lexicon = field(default_factory=Lexicon)


class Command(Value):
    """A change somebody asks for, with its author and the moment on the author's clock (UTC).

    `bases` holds, for each path it sets, what the author saw there: a server can tell a conflict from it.
    """

    kind: str
    id: str
    caisse: str
    matricule: str
    author: Author
    at: datetime
    bases: dict[str, Base] = Field(default_factory=dict)

    @property
    def key(self) -> DossierKey:
        """The dossier it is for."""
        return DossierKey(caisse=self.caisse, matricule=self.matricule)

    def writes(self) -> tuple[str, ...]:
        """The field paths it sets."""
        raise NotImplementedError

    def check(self, dossier: Dossier, context: Context) -> None:
        """Raise CommandRefused when the command cannot be applied to this dossier."""

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The new value of each path it sets. Called after `check`."""
        raise NotImplementedError


Rule = Callable[[Dossier, Context], tuple[Missing, ...]]


def refuse_unless(condition: object, code: str, reason: str) -> None:
    """Refuse the command when the condition does not hold."""
    if not condition:
        raise CommandRefused(code, reason)
