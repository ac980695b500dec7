"""What an import writes for a dossier, worked out without the store: whoever has the document can do it anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from operator import itemgetter
from typing import Any

from gca_tui.domain.apply import apply, replay
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import MarkAbsent, ReceiveExtract
from gca_tui.domain.commands.extract import OLDER
from gca_tui.domain.dossier import Dossier
from gca_tui.store.projection import project, search_words
from gca_tui.store.tables import DOSSIER

Key = tuple[str, str]

_OF_THE_IMPORT = ("id", "since", "until")
PROJECTED = tuple(name for name in DOSSIER.columns.keys() if name not in _OF_THE_IMPORT)  # noqa: SIM118  # not a dict
"""The columns that follow from a document, in the order of a `Row`."""
COLUMNS = (*_OF_THE_IMPORT, *PROJECTED)
"""The columns of a version: those that the import numbers, then those of a `Row`."""

_values: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*PROJECTED)
_AT_ONCE = 50
"""Dossiers made and taken together through each step: a fifth faster than one after the other, or than more."""


@dataclass(frozen=True)
class Given:
    """One dossier to load: the system's command, and what agents did since where a demonstration says so."""

    command: ReceiveExtract | MarkAbsent
    since: Sequence[Command] = ()

    @property
    def key(self) -> Key:
        """The dossier."""
        return self.command.caisse, self.command.matricule


@dataclass(frozen=True)
class Orders:
    """Many dossiers to load, of which the keys are at hand; `make` gives those of some places, as often as asked."""

    keys: Sequence[Key]
    make: Callable[[slice], Iterable[Given]]


Row = tuple[tuple[Any, ...], str, str | None, str, str]
"""A new version of a dossier: columns, document, mirror, words of its identity, of its notes. Plain: it travels."""
Prepared = Row | tuple[()] | None
"""A row; None where the dossier stays as it is, `NEWER` where that is because it has a newer extract."""
NEWER: tuple[()] = ()


def prepare(given: Iterable[Given], before: Sequence[str | None], context: Context) -> list[Prepared]:
    """The new version of each dossier.

    `before` are their documents, None for a new one; empty: all are new.
    """
    source, documents = iter(given), iter(before) if before else repeat(None)
    rows: list[Prepared] = []
    while part := list(islice(source, _AT_ONCE)):
        starts = [Dossier.from_json(document) if document else None for document in islice(documents, len(part))]
        rows += _rows(part, starts, context)
    return rows


def prepare_again(given: Given, mirror: str, waiting: Sequence[Command], context: Context) -> Prepared:
    """The new version of a dossier on which commands are waiting."""
    before = Dossier.from_json(mirror)
    received = _received(before, given.command, context)
    if received is None or received is before:
        return NEWER if received is None else None
    dossier, _ = replay(received, [*given.since, *waiting], context)
    return _row(dossier, received.to_json(), context)


def as_received(dossier: Dossier, document: str, mirror: str | None, context: Context) -> Row:
    """The row of a dossier whose document is kept as its text came."""
    return _values(project(dossier, context)), document, mirror, *search_words(dossier)


def _rows(given: Sequence[Given], starts: Sequence[Dossier | None], context: Context) -> list[Prepared]:
    received = [_received(start, one.command, context) for one, start in zip(given, starts, strict=True)]
    news = [None if after is start else after for start, after in zip(starts, received, strict=True)]
    dossiers = [
        replay(after, one.since, context)[0] if after is not None and one.since else after
        for one, after in zip(given, news, strict=True)
    ]
    changed = [dossier for dossier in dossiers if dossier is not None]
    documents = [dossier.to_json() for dossier in changed]
    columns = [_values(project(dossier, context)) for dossier in changed]
    words = [search_words(dossier) for dossier in changed]
    made = zip(columns, documents, repeat(None), *zip(*words, strict=True))
    return [
        next(made) if dossier is not None else NEWER if answer is None else None
        for dossier, answer in zip(dossiers, received, strict=True)
    ]


def _received(before: Dossier | None, command: Command, context: Context) -> Dossier | None:
    """The dossier with the extract laid under it; None where it has a newer one."""
    try:
        return apply(before, command, context)
    except CommandRefused as refusal:
        if refusal.code != OLDER:
            raise
        return None


def _row(dossier: Dossier, mirror: str | None, context: Context) -> Row:
    return _values(project(dossier, context)), dossier.to_json(), mirror, *search_words(dossier)
