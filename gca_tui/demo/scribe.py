"""How the demonstration dates and identifies its commands: everything follows from a seed and from today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from gca_tui.demo.people import ARIEGE, HAUT_RHIN
from gca_tui.domain.command import Command
from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.commands.extract import ReadIndu
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Author

AGENT = Author(identifiant="ifaure", nom="Inès Faure", qualite="Gestionnaire conseil allocataires", caisse=ARIEGE)
"""The invented agent at work: employed at Foix, treats dossiers of Mulhouse too."""
COLLEAGUE = Author(identifiant="mroux", nom="Mathieu Roux", qualite="Gestionnaire conseil allocataires", caisse=ARIEGE)
"""The invented colleague who holds some of the dossiers."""
REFERENT = Author(identifiant="kschmitt", nom="Karin Schmitt", qualite="Référente technique", caisse=HAUT_RHIN)
"""The invented référente who answers questions."""
EXTRACT = Author(identifiant="extrait", nom="Extrait de démonstration")
"""Who gives the system commands of the demonstration."""

CONVENTION = "CONV-681-091"
IDS_PER_DOSSIER = 64
C = TypeVar("C", bound=Command)


@dataclass(frozen=True)
class DemoDossier:
    """An invented dossier: what the information system says of it, then what agents did, in order."""

    extract: ReceiveExtract
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Cast:
    """The people who act: the agent at the screen and the other one."""

    agent: Author
    colleague: Author

    @classmethod
    def around(cls, agent: Author) -> Cast:
        """The cast when this agent is at the screen; the colleague is always somebody else."""
        return cls(agent, AGENT if agent.identifiant == COLLEAGUE.identifiant else COLLEAGUE)


class Diary:
    """Days counted back from one today (age 0), and what happened at what time (UTC) on them."""

    KEPT = 64

    def __init__(self, today: date) -> None:
        self.today = today
        self._days = tuple(today - timedelta(days=age) for age in range(self.KEPT))
        self._weekdays = tuple(self._weekday(day) for day in self._days)
        self.months = tuple(self._months(48))

    def day(self, age: int) -> date:
        """The day so many days ago; a negative age is a day to come."""
        return self._days[age] if 0 <= age < self.KEPT else self.today - timedelta(days=age)

    def weekday_age(self, age: int) -> int:
        """The age of the last Monday to Friday at or before that day. Public holidays are not known here."""
        return age + self._weekdays[age]

    def coming_weekday(self, days: int) -> date:
        """The first Monday to Friday at or after the day that comes in so many days."""
        day = self.today + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def at(self, age: int, minutes: int) -> datetime:
        """So many minutes after midnight UTC, so many days ago."""
        day = self.day(age)
        hour, minute = divmod(minutes, 60)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)

    @staticmethod
    def _weekday(day: date) -> int:
        return max(0, day.weekday() - 4)

    def _months(self, number: int) -> Iterable[str]:
        last = self.today.year * 12 + self.today.month - 1
        for back in range(number):
            year, month = divmod(last - back, 12)
            yield f"{year:04d}-{month + 1:02d}"


def command_id(at: datetime, counter: int) -> str:
    """A UUIDv7-shaped id: the instant in milliseconds, then a counter below 2**62."""
    ms = int(at.timestamp() * 1000)
    return (
        f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7{counter & 0xFFF:03x}"
        f"-{0x8000 | counter >> 48:04x}-{counter & 0xFFFFFFFFFFFF:012x}"
    )


class Scribe:
    """Gives the commands of one dossier their key and their ids, from a counter of its own."""

    def __init__(self, caisse: str, matricule: str, counter: int) -> None:
        self.caisse = caisse
        self.matricule = matricule
        self._counter = counter

    def write(self, kind: type[C], author: Author, at: datetime, **fields: Any) -> C:
        """A command of that kind on this dossier."""
        name = command_id(at, self._counter)
        self._counter += 1
        return kind(id=name, caisse=self.caisse, matricule=self.matricule, author=author, at=at, **fields)


def indu(
    diary: Diary,
    reference: str,
    prestation: str,
    motif: str,
    montants: Iterable[tuple[int, int]],
    dates: tuple[int | None, int | None] = (None, None),
    last_month: int = 2,
) -> ReadIndu:
    """A trop-perçu: (paid, due) in cents, latest month first, and the ages of its notification and its reception."""
    notified, received = dates
    return ReadIndu(
        id=reference,
        reference=reference,
        prestation=prestation,
        motif=motif,
        notifiee_le=None if notified is None else diary.day(notified),
        recue_le=None if received is None else diary.day(received),
        mois={
            diary.months[last_month + rank]: Montants(verse=verse, du=du) for rank, (verse, du) in enumerate(montants)
        },
    )
