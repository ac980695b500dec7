"""Names of dossiers and corbeilles, places in a journal, digests: what the messages are made of."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\x21-\x7e]+$")]
Scope = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[0-9A-Za-z._-]+(/[0-9A-Za-z._-]+)?$")]
Caisse = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z._-]+$")]
Matricule = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z._-]+$")]
Seq = Annotated[int, Field(ge=0, lt=1 << 62)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]
Rev = Annotated[int, Field(ge=0, lt=1 << 62)]


class Wire(BaseModel):
    """A value that travels; fields of a newer program are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Mark(NamedTuple):
    """A place in the journal of a corbeille: the number of an entry, and the hash of the chain up to it."""

    seq: Seq
    h: Hash


START = Mark(0, "")
"""Before the first entry."""


class Key(NamedTuple):
    """A dossier."""

    caisse: Caisse
    matricule: Matricule


def key_text(caisse: str, matricule: str) -> str:
    """A dossier as one text: `681/0123456`."""
    return f"{caisse}/{matricule}"


def parse_key(text: str) -> Key:
    """The dossier of such a text. Raises ValueError."""
    caisse, slash, matricule = text.partition("/")
    if not (slash and caisse and matricule):
        raise ValueError(text)
    return Key(caisse, matricule)


MODULUS = 1 << 64
"""Digests are sums modulo this, written in decimal."""


def sum64(caisse: str, matricule: str, rev: int, h: str) -> int:
    """What one dossier adds to the digest of its corbeille: both sides add these up modulo 2**64."""
    return int.from_bytes(blake2b(f"{caisse}/{matricule}/{rev}/{h}".encode(), digest_size=8).digest(), "big")
