"""What a command is: the only thing that changes a dossier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

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


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a time without its zone: nobody can tell when it was."""
    if at.utcoffset() is None:
        raise ValueError(typeset("Heure sans fuseau : donnez-la en temps universel, comme 2026-11-12T09:30:00Z."))
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(typeset("Cette heure n’existe pas en temps universel.")) from None


class Command(Value):
    """A change somebody asks for, with its author and the moment on the author's clock (UTC).

    `bases` holds, for each path it sets, what the author saw there: a server can tell a conflict from it.
    """

    kind: str
    id: str
    caisse: str
    matricule: str
    author: Author
    at: Annotated[datetime, AfterValidator(in_utc)]
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


def check_erased(erased: Collection[str], given: Collection[str], known: Collection[str]) -> None:
    """Refuse a command that takes back what it gives, or what is not among the known names."""
    unknown = [name for name in erased if name not in known]
    refuse_unless(
        not unknown, "champ_inconnu", f"« {', '.join(unknown)} » ne fait pas partie de ce qui peut être retiré."
    )
    refuse_unless(
        not set(erased) & set(given),
        "donne_et_retire",
        "La même information est à la fois donnée et retirée : gardez l’un ou l’autre.",
    )
