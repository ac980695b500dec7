"""How the exchanges are going, as the screen and the line commands read it; `store.waiting` is who reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from gca_tui.errors import AccessLost, Rejected, StoreError, TooOld, Unreachable
from gca_tui.store import facts, remote

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer


@dataclass(frozen=True)
class Status:
    """`progress` of a first reading (done, total); the instants are ISO, "" where there is none.

    `last_contact` is the last moment something moved or changed here, not the last request: it does not tick.
    `problem`: access, version, rejected, store, unforeseen, or ""; `words` say it.
    """

    progress: tuple[int, int] | None = None
    offline_since: str = ""
    last_contact: str = ""
    problem: str = ""
    words: str = ""


_STATUS = TypeAdapter(Status)


def read_status(connection: Connection) -> Status:
    """What was noted last; nothing where it cannot be read."""
    try:
        return _STATUS.validate_json(facts.meta(connection, remote.STATUS) or "{}")
    except ValidationError:
        return Status()


class Noting:
    """Keeps the status in the store, and writes only when it changes."""

    def __init__(self, writer: Writer, now: Callable[[], datetime]) -> None:
        self._writer = writer
        self._now = now
        self._status = writer.run(read_status).result()

    @property
    def status(self) -> Status:
        """What is noted."""
        return self._status

    def went_well(self, *, moved: bool) -> bool:
        """An answer came. Says whether that changes anything."""
        status = replace(self._status, offline_since="", problem="", words="")
        if moved or status != self._status or not status.last_contact:
            status = replace(status, last_contact=self._moment())
        return self._note(status)

    def reads(self, done: int, total: int) -> bool:
        """A first reading goes on; both 0 when none does."""
        return self._note(replace(self._status, progress=(done, total) if total else None))

    def failed(self, error: BaseException, words: str = "") -> bool:
        """No answer came, or a bad one."""
        if isinstance(error, Unreachable):
            since = self._status.offline_since or self._moment()
            return self._note(replace(self._status, offline_since=since, problem="", words=str(error)))
        return self._note(replace(self._status, problem=_problem(error), words=words or str(error)))

    def _note(self, status: Status) -> bool:
        if status == self._status:
            return False
        written = _STATUS.dump_json(status).decode()
        self._writer.run(lambda c: remote.put_status(c, written)).result()
        self._status = status
        return True

    def _moment(self) -> str:
        return self._now().isoformat()


def _problem(error: BaseException) -> str:
    names = {AccessLost: "access", TooOld: "version", Rejected: "rejected", StoreError: "store"}
    return next((name for kind, name in names.items() if isinstance(error, kind)), "unforeseen")
