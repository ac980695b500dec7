"""The batches of an import, their rows prepared: here, or by other processes where there is much to do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import NamedTuple

from gca_tui.domain.command import Context
from gca_tui.store.helping import Helper, useful
from gca_tui.store.preparing import Given, Key, Orders, Prepared, prepare

HELPED_FROM = 4_000
"""Dossiers from which other processes help: to start them costs as much as some hundreds."""


class Found(NamedTuple):
    """The newest version of a dossier that is in the store."""

    id: int
    document: str
    mirror: str | None


Find = Callable[[Sequence[Key]], dict[Key, Found]]


@dataclass(frozen=True)
class Batch:
    """Dossiers to stage: the rows prepared for them, and the versions they were prepared from.

    Where no version was found `keys` may be empty; `given` makes again what was given at one place.
    """

    rows: Sequence[Prepared]
    keys: Sequence[Key]
    found: dict[Key, Found]
    given: Callable[[int], Given]


class Batches:
    """Prepares batches of `size` dossiers; `find` reads their newest versions, `empty`: there is none of any."""

    def __init__(self, context: Context, find: Find, size: int, *, empty: bool) -> None:
        self._context = context
        self._find = find
        self._size = size
        self._empty = empty

    def prepared(self, given: Iterable[Given] | Orders) -> Generator[Batch, None, None]:
        """Every batch, in order. Raises StoreError when a process that helps was stopped."""
        helpers = useful()
        if isinstance(given, Orders):
            if helpers and len(given.keys) >= HELPED_FROM:
                return self._by_helpers(given, helpers)
            given = given.make(slice(0, len(given.keys)))
        source = iter(given)
        first = list(islice(source, HELPED_FROM)) if helpers and self._empty else []
        whole = chain(first, source)
        return self._by_one_helper(whole) if len(first) == HELPED_FROM else self._here(whole)

    def _here(self, given: Iterable[Given]) -> Generator[Batch, None, None]:
        for batch in self._cut(given):
            keys = [one.key for one in batch]
            found = self._find(keys)
            yield Batch(prepare(batch, _documents(keys, found), self._context), keys, found, batch.__getitem__)

    def _by_one_helper(self, given: Iterable[Given]) -> Generator[Batch, None, None]:
        """Dossiers that are made one after the other, for a store that has none yet."""
        source = iter(given)
        with closing(Helper((islice(source, self._size) for _ in count()), self._context)) as helper:
            helper.ask()
            while rows := helper.answer():
                helper.ask()
                yield Batch(rows, (), {}, _never)

    def _by_helpers(self, orders: Orders, number: int) -> Generator[Batch, None, None]:
        """Helpers take the batches in turn."""
        parts = [slice(first, first + self._size) for first in range(0, len(orders.keys), self._size)]
        found: dict[int, dict[Key, Found]] = {}
        with ExitStack() as stack:
            helpers = [
                stack.enter_context(closing(Helper(map(orders.make, parts[turn::number]), self._context)))
                for turn in range(number)
            ]

            def ask(turn: int) -> None:
                if turn < len(parts):
                    keys = orders.keys[parts[turn]]
                    found[turn] = self._find(keys)
                    helpers[turn % number].ask(_documents(keys, found[turn]))

            for turn in range(number):
                ask(turn)
            for turn, part in enumerate(parts):
                rows = helpers[turn % number].answer()
                ask(turn + number)
                yield Batch(rows, orders.keys[part], found.pop(turn), _one_of(orders, part))

    def _cut(self, given: Iterable[Given]) -> Iterator[list[Given]]:
        source = iter(given)
        while batch := list(islice(source, self._size)):
            yield batch


def _documents(keys: Sequence[Key], found: dict[Key, Found]) -> list[str | None]:
    """What each dossier is prepared from; None: it is new. Empty when all are."""
    return [found[key].document if key in found else None for key in keys] if found else []


def _one_of(orders: Orders, part: slice) -> Callable[[int], Given]:
    def given(place: int) -> Given:
        return next(iter(orders.make(slice(part.start + place, part.start + place + 1))))

    return given


def _never(place: int) -> Given:
    raise LookupError(place)
