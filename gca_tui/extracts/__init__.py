"""Reads what caisses send (CSV, JSON Lines) into system commands, for the store and the server alike.

Files given together are one extract. Nothing is written here: the caller applies the commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from gca_tui.domain.values import Author
from gca_tui.extracts.grouping import Draft, Key
from gca_tui.extracts.lines import AT, layout_of, read_line
from gca_tui.extracts.making import Commands
from gca_tui.extracts.rejects import Reject, write_rejects
from gca_tui.extracts.source import Problem, Record, Source

__all__ = ["Commands", "Key", "ParsedExtract", "Reject", "read_extracts", "write_rejects"]

Progress = Callable[[int, int], None]
"""Told the bytes read and the bytes there are."""

_STEP = 1_000


@dataclass
class ParsedExtract:
    """What the files of one import hold.

    `lines` counts records; each is taken or `rejected`, and one that is rejected for several reasons counts once.
    `scopes` are the (caisse, convention) of the dossiers taken. `lines_by_key` counts the records taken for each.
    `rejected_keys` are the dossiers of rejected records: they are in the extract, though little of them was taken;
    `unidentified` counts the rejected records of which even the dossier cannot be told.
    """

    commands: Commands
    rejects: list[Reject] = field(default_factory=list)
    lines: int = 0
    rejected: int = 0
    ignored_columns: tuple[str, ...] = ()
    scopes: set[tuple[str, str | None]] = field(default_factory=set)
    lines_by_key: dict[Key, int] = field(default_factory=dict)
    rejected_keys: set[Key] = field(default_factory=set)
    unidentified: int = 0

    @property
    def taken(self) -> int:
        """Records taken."""
        return self.lines - self.rejected


def read_extracts(
    paths: Iterable[Path],
    *,
    author: Author,
    at: datetime,
    le: date,
    new_id: Callable[[], str],
    progress: Progress | None = None,
) -> ParsedExtract:
    """The commands of an import made on the day `le`, and what had to be rejected. Raises InputError.

    `new_id` gives the id of each command. Whatever `progress` raises stops the reading.
    """
    reading = _Reading(new_id)
    paths = tuple(paths)
    sizes = [_size(path) for path in paths]
    for n, path in enumerate(paths):
        before = sum(sizes[:n])
        for done in reading.follow(path):
            if progress:
                progress(before + done, sum(sizes))
    if progress:
        progress(sum(sizes), sum(sizes))
    return reading.result(author, at, le)


class _Reading:
    """The files of one import, while they are read."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._drafts: dict[Key, Draft] = {}
        self._rejects: list[Reject] = []
        self._rejected_keys: set[Key] = set()
        self._ignored: dict[str, None] = {}
        self._lines = self._rejected = self._unidentified = 0
        self._columns: tuple[str, ...] = ()
        self._layout = layout_of(())

    def follow(self, path: Path) -> Iterable[int]:
        """Read a file, saying now and then how many of its bytes are read."""
        with Source(path) as source:
            self._use(source.columns)
            for record in source:
                self._lines += 1
                if record.columns is not self._columns:
                    self._use(record.columns)
                if problems := self._take(record):
                    self._reject(record, problems, path.name)
                if record.number % _STEP == 0:
                    yield source.position

    def result(self, author: Author, at: datetime, le: date) -> ParsedExtract:
        """What was read."""
        drafts = self._drafts
        convention = AT["convention"]
        return ParsedExtract(
            commands=Commands(drafts, author, at, le, self._rejected_keys),
            rejects=self._rejects,
            lines=self._lines,
            rejected=self._rejected,
            ignored_columns=tuple(self._ignored),
            scopes={(caisse, draft.merged()[convention]) for (caisse, _), draft in drafts.items()},
            lines_by_key={key: len(draft.lines) for key, draft in drafts.items()},
            rejected_keys=self._rejected_keys,
            unidentified=self._unidentified,
        )

    def _use(self, columns: tuple[str, ...]) -> None:
        self._columns, self._layout = columns, layout_of(columns)
        self._ignored.update(dict.fromkeys(self._layout.ignored))

    def _take(self, record: Record) -> tuple[Problem, ...]:
        line = read_line(record, self._layout)
        if isinstance(line, tuple):
            return line
        key = (line[0], line[1])
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = Draft(self._new_id(), self._layout.known)
        return draft.take(line, self._layout.known)

    def _reject(self, record: Record, problems: tuple[Problem, ...], file: str) -> None:
        self._rejected += 1
        self._rejects += [Reject(record.number, record.line, *problem, file) for problem in problems]
        if key := self._layout.key(record.cells):
            self._rejected_keys.add(key)
        else:
            self._unidentified += 1


def _size(path: Path) -> int:
    """Bytes of a file; none when it cannot be read, which is told when its turn comes."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
