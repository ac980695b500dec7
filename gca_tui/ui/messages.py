"""What threads tell the screen: one message each, named for what happened."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gca_tui.store.window import Row


@dataclass
class Listed(Message):
    """The ids of a selection, in order, are known. `asked` tells the answer to the last question from older ones."""

    asked: int
    ids: array[int]
    head: list[Row]


@dataclass
class FilterRefused(Message):
    """The filter being typed has a term that means nothing; the list stays as it was."""

    asked: int
    reason: str


@dataclass
class Counted(Message):
    """How many dossiers each view holds, and each caisse."""

    counts: dict[str, int]
    caisses: list[tuple[str, int]]


@dataclass
class Settled(Message):
    """A write ended, well or not. `said` is what to announce when it went well."""

    future: Future[Any]
    said: str
    closing: bool = False


@dataclass
class Warmed(Message):
    """The domain and the tables are loaded; None, or what went wrong."""

    error: BaseException | None
