"""Pages kept for a moment: the agents of a corbeille who stand at the same mark are told the same when it moves."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from gca_tui.wire import Mark

KEPT = 64
LARGEST = 200_000
"""Characters of a page that is kept: larger ones are those of a machine that comes back, which nobody shares."""
PACKED_FROM, PACKING = 800, 4


class Asked(NamedTuple):
    """What a page without claims depends on, and nothing else: any change in a corbeille moves its head."""

    scope: str
    cur: Mark
    head: Mark
    dossiers: int
    bytes: int


class Page(NamedTuple):
    """A page as JSON, and what it took of the room of its answer."""

    text: str
    dossiers: int
    bytes: int


class Pages:
    """The last ones that were made. Threads share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asked, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Asked) -> Page | None:
        """The page, if it was made lately."""
        with self._lock:
            return self._kept.get(asked)

    def put(self, asked: Asked, page: Page) -> None:
        """Keep it for the others."""
        if len(page.text) > LARGEST:
            return
        with self._lock:
            self._kept[asked] = page
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def packed(text: str) -> bytes:
    """The text as gzip; what was packed lately is not packed again."""
    return _packed(text) if len(text) <= LARGEST else gzip.compress(text.encode(), PACKING)


@lru_cache(maxsize=KEPT)
def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), PACKING)
