"""Seals of acknowledgements: a command is taken for one that a lost history held only where this server sealed that.

A backup holds the key, so that the server still knows its own seals once it was restored from it. Without one,
`acked_rev` would let a client write over a colleague's work, or under their claim, by saying that it did so before.
"""

from __future__ import annotations

import hmac
import json

from sqlalchemy import Connection, select

from gca_tui.server.tables import META

NAME = "seal"
"""The fact that holds the key, made with the base."""


def key(connection: Connection) -> str:
    """This server's own, "" in a base restored from a backup that has none: it then seals nothing."""
    return str(connection.execute(select(META.c.value).where(META.c.name == NAME)).scalar() or "")


def seal(key: str, agent: str, command_id: str, sha: str, rev: int) -> str:
    """That this agent's command, of this content, was applied at that revision."""
    said = json.dumps([agent, command_id, sha, rev], separators=(",", ":")).encode()
    return hmac.digest(key.encode(), said, "sha256").hex() if key else ""


def is_genuine(given: str, key: str, agent: str, command_id: str, sha: str, rev: int) -> bool:
    """Whether it is this server's."""
    return bool(key) and hmac.compare_digest(given.encode(), seal(key, agent, command_id, sha, rev).encode())
