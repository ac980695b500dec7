"""What every value of the domain shares: it never changes, and keeps the fields it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value. Fields of a newer program are kept and given back as they came."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Item(Value):
    """A member of a list of the dossier. Its id is that of the command that made it, or the information system's."""

    id: str


class Author(Value):
    """The agent who gives a command: CRPA L.111-2 wants first name, name, quality and service.

    `caisse` is the agent's employer, which may differ from the caisse that owns the dossier.
    """

    identifiant: str
    nom: str = ""
    qualite: str = ""
    caisse: str = ""

    @property
    def label(self) -> str:
        """The name as a colleague reads it."""
        return self.nom or self.identifiant


class Base(Value):
    """What a command saw of a field when it was given: the field's revision and its value."""

    rev: int = 0
    value: Any = None


class Change(Value):
    """One field before and after a command, shortened to what a line of history can show."""

    path: str
    before: str = ""
    after: str = ""


class HistoryEntry(Item):
    """Who did what and when (UTC); `id` is the command's."""

    kind: str
    author: Author
    at: datetime
    changes: tuple[Change, ...] = ()


Bases = Mapping[str, Base]
