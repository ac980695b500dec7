"""Everything that can go wrong and that an agent is told about.

GcaError
├── StoreError            the local store cannot be used as asked
│   ├── StoreNewer        it was written by a newer program; it is left untouched
│   ├── StoreDamaged      it cannot be read
│   └── StoreBusy         another program holds it, for an import or a migration
├── InputError            a file or a term the agent gave cannot be read; says where
├── UnknownDossier        no such dossier on this machine
└── SyncError             an exchange with the remote store did not take place; all typed work is kept here
    ├── Unreachable       no answer, or one that is not the server's: worth trying again
    └── Answered          the server itself says no
        ├── AccessLost    it does not know this machine or its agent any more
        ├── TooOld        it and this program have no version of the exchanges in common
        └── Rejected      it understood the request and refuses it: trying again changes nothing
"""

from __future__ import annotations

from collections.abc import Mapping


class GcaError(Exception):
    """An error with words for the agent: what happened, what was kept, what to do."""

    exit_code = 1

    def __init__(self, happened: str, kept: str = "", todo: str = "") -> None:
        super().__init__(" ".join(filter(None, (happened, kept, todo))))
        self.happened = happened
        self.kept = kept
        self.todo = todo


class StoreError(GcaError):
    """The local store cannot be used as asked."""

    exit_code = 3


class StoreNewer(StoreError):
    """The store was written by a newer program; it is left untouched."""


class StoreDamaged(StoreError):
    """The store cannot be read."""


class StoreBusy(StoreError):
    """Another program holds the store, for an import or a migration."""


class InputError(GcaError):
    """A file or a term the agent gave cannot be read."""

    exit_code = 2


class UnknownDossier(GcaError):
    """No such dossier on this machine."""

    exit_code = 4


class SyncError(GcaError):
    """An exchange with the remote store did not take place; what was typed is kept here."""

    exit_code = 5


class Unreachable(SyncError):
    """No answer of the server, or one cut or replaced on the way. `retry_after`: when it wants to be asked, seconds."""

    def __init__(self, happened: str, kept: str = "", todo: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(happened, kept, todo)
        self.retry_after = retry_after


class Answered(SyncError):
    """The server itself says no. `code` is its own, for programs; `faults` names the fields it does not take.

    `status` is that of HTTP, 0 where this program itself says no.
    """

    exit_code = 6

    def __init__(
        self, happened: str, kept: str = "", todo: str = "", *, code: str = "", faults: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(happened, kept, todo)
        self.code = code
        self.status = 0
        self.faults = dict(faults or {})


class AccessLost(Answered):
    """The server does not know this machine or its agent any more, or not for what was asked."""


class TooOld(Answered):
    """The server and this program have no version of the exchanges in common."""


class Rejected(Answered):
    """The server understood the request and refuses it: trying again changes nothing."""
