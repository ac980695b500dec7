"""What threads tell the workshop: one message each, named for what happened."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.message import Message

from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.trop_percu import Explication
from gca_tui.ui.workshop.report import Report


@dataclass
class Checked(Message):
    """What is to be said of a text. `asked` tells the answer to the last question from older ones."""

    asked: int
    texte: Texte
    report: Report


@dataclass
class Proposed(Message):
    """A text made from the facts. `replacing`: the agent asked for it in the place of what was there.

    `problems`: templates of the caisse that could not be used. `said`: what happened to the facts just before, a
    sentence and its space.
    """

    explication: Explication
    replacing: bool
    problems: tuple[str, ...] = ()
    said: str = ""


@dataclass
class Recorded(Message):
    """A write ended, well or not; `said` is what to announce when it went well."""

    future: Future[Any]
    said: str


@dataclass
class Exported(Message):
    """The letter is in this file."""

    path: Path


@dataclass
class Spelled(Message):
    """The words of a text that the dictionary lacks; `trouble`: why nothing can be said of them."""

    text: str
    words: tuple[str, ...]
    trouble: str = ""


@dataclass
class Suggested(Message):
    """What the dictionary proposes for a word; `trouble`: why it does not."""

    word: str
    words: tuple[str, ...]
    trouble: str = ""


@dataclass
class Stumbled(Message):
    """A thread could not do what was asked."""

    error: Exception
