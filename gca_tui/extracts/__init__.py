"""Reads what caisses send (CSV, JSON Lines) into system commands, for the store and the server alike.

Files given together are one extract. Nothing is written here: the caller applies the commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from gca_tui.domain.commands.extract import ReceiveExtract
from gca_tui.domain.values import Author
from gca_tui.extracts.grouping import CommandMaker, Draft, Key
from gca_tui.extracts.lines import Line, layout_of, read_line
from gca_tui.extracts.rejects import Reject, write_rejects
from gca_tui.extracts.source import Problem, Record, Source

__all__ = ["Key", "ParsedExtract", "Reject", "read_extracts", "write_rejects"]

Progress = Callable[[int, int], None]
"""Told the bytes read and the bytes there are."""

_STEP = 1_000


@dataclass
class ParsedExtract:
    """What the files of one import hold.

    `lines` counts records; each is taken or `rejected`, and one that is rejected for several reasons counts once.
    `scopes` are the (caisse, convention) of the dossiers taken. `lines_by_key` counts the records taken for each.
    `rejected_keys` are the dossiers of rejected records: they are in the extract, though little of them was taken.
    """

    commands: list[ReceiveExtract] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    lines: int = 0
    rejected: int = 0
    ignored_columns: tuple[str, ...] = ()
    scopes: set[tuple[str, str | None]] = field(default_factory=set)
    lines_by_key: dict[Key, int] = field(default_factory=dict)
    rejected_keys: set[Key] = field(default_factory=set)

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
    reading = _Reading(tuple(paths), progress)
    return reading.finish(CommandMaker(author, at, le, new_id))


class _Reading:
    """The files of one import, while they are read."""

    def __init__(self, paths: tuple[Path, ...], progress: Progress | None) -> None:
        self._drafts: dict[Key, Draft] = {}
        self._ignored: dict[str, None] = {}
        self._parsed = ParsedExtract()
        self._progress = progress
        self._columns: tuple[str, ...] | None = None
        self._layout = layout_of(())
        sizes = [_size(path) for path in paths]
        self._total, self._before = sum(sizes), 0
        for path, size in zip(paths, sizes, strict=True):
            self._read(path)
            self._before += size
        self._tell(0)

    def finish(self, maker: CommandMaker) -> ParsedExtract:
        """Make the commands; each draft is let go as soon as its command stands."""
        parsed = self._parsed
        parsed.ignored_columns = tuple(self._ignored)
        for key in list(self._drafts):
            draft = self._drafts.pop(key)
            if draft.lines:
                parsed.lines_by_key[key] = draft.lines
                parsed.scopes.add((key[0], draft.convention))
                parsed.commands.append(maker.make(key, draft))
        return parsed

    def _read(self, path: Path) -> None:
        with Source(path) as source:
            self._follow(source.columns)
            for record in source:
                if record.columns is not self._columns:
                    self._follow(record.columns)
                if problems := self._take(record):
                    self._reject(record, problems, path.name)
                self._parsed.lines += 1
                if record.number % _STEP == 0:
                    self._tell(source.position)

    def _take(self, record: Record) -> tuple[Problem, ...]:
        line = read_line(record, self._layout)
        if not isinstance(line, Line):
            return line
        key = line.dossier.pop("caisse"), line.dossier.pop("matricule")
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = Draft()
        return draft.take(line, self._layout.known)

    def _reject(self, record: Record, problems: tuple[Problem, ...], file: str) -> None:
        self._parsed.rejected += 1
        self._parsed.rejects += [Reject(record.number, record.line, *problem, file) for problem in problems]
        if key := self._layout.key(record.cells):
            self._parsed.rejected_keys.add(key)

    def _follow(self, columns: tuple[str, ...]) -> None:
        self._columns, self._layout = columns, layout_of(columns)
        self._ignored.update(dict.fromkeys(self._layout.ignored))

    def _tell(self, done: int) -> None:
        if self._progress:
            self._progress(self._before + done, self._total)


def _size(path: Path) -> int:
    """Bytes of a file; none when it cannot be read, which is told when its turn comes."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
