"""Everything that can go wrong and that an agent is told about.

GcaError
├── StoreError            the local store cannot be used as asked
│   ├── StoreNewer        it was written by a newer program; it is left untouched
│   ├── StoreDamaged      it cannot be read
│   └── StoreBusy         another program holds it, for an import or a migration
├── InputError            a file or a term the agent gave cannot be read; says where
└── UnknownDossier        no such dossier on this machine
"""

from __future__ import annotations


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
