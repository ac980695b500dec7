"""What threads tell the screen: one message each, named for what happened."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gca_tui.store.window import Row
    from gca_tui.wire import Claims


@dataclass
class Listed(Message):
    """The ids of a selection, in order, are known. `asked` tells the answer to the last question from older ones."""

    asked: int
    ids: array[int]
    head: list[Row]


@dataclass
class Gone(Message):
    """Marked rows that are no more, replaced by an import for instance."""

    ids: frozenset[int]


@dataclass
class Failed(Message):
    """The list or the counts could not be read; what is shown is what was read before."""

    error: Exception


@dataclass
class Counted(Message):
    """How many dossiers each view holds, and each caisse; UNCOUNTED for a view whose filter is not understood."""

    counts: dict[str, int]
    caisses: list[tuple[str, int]]


@dataclass
class Settled(Message):
    """A write ended, well or not. `said` is what to announce when it went well; `many`: it served the marks."""

    future: Future[Any]
    said: str
    closing: bool = False
    many: bool = False


@dataclass
class Warmed(Message):
    """The domain and the tables are loaded; None, or what went wrong."""

    error: BaseException | None


@dataclass
class Answered(Message):
    """The remote store answered a question about claims; None: it was not reached. `error`: what nobody foresaw."""

    number: int
    answer: Claims | None
    error: Exception | None = None
