"""The server this store is tied to, and what its hello changes here.

The tie holds the machine's secret. It stays in the store's file, which its owner alone reads, and is never printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, insert, select

from gca_tui.domain.settings import Settings
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store import ruling
from gca_tui.store.facts import TIE, is_tied, meta, set_meta
from gca_tui.store.tables import CORBEILLE
from gca_tui.wire import Agent, Hello

__all__ = ["Followed", "Tie", "follow", "is_tied", "put_status", "put_tie", "read_tie"]

STATUS = "sync"
"""The fact in which the engine says how exchanges go."""


class Tie(BaseModel):
    """A server: where it is, which one it is, who this machine is there and what it may follow.

    `ca` is the file of a certificate authority that is not the system's, "" otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: str
    server: str
    epoch: str
    install: str
    token: str = Field(repr=False)
    agent: Agent
    rights: str = ""
    scopes: tuple[str, ...] = ()
    ca: str = ""


@dataclass(frozen=True)
class Followed:
    """What a hello changed: whether the rules did (then `ruling.follow`), and the corbeilles to read from now on."""

    settings_changed: bool = False
    added: tuple[str, ...] = ()


def read_tie(connection: Connection) -> Tie | None:
    """The server this store is tied to; None when it is tied to none."""
    written = meta(connection, TIE)
    return Tie.model_validate_json(written) if written else None


def put_tie(connection: Connection, tie: Tie) -> None:
    """Tie the store, or change what is known of the server; corbeilles not followed yet are to be read."""
    set_meta(connection, TIE, tie.model_dump_json())
    author = Author(
        identifiant=tie.agent.identifiant, nom=tie.agent.nom, qualite=tie.agent.qualite, caisse=tie.agent.caisse
    )
    set_meta(connection, "author", author.model_dump_json())
    _start(connection, tie.scopes)


def follow(connection: Connection, hello: Hello, at: datetime) -> Followed:
    """Adopt a hello: rights, agent, rules. Does nothing in a store that is tied to no server.

    Corbeilles that are no longer in it stay until a pull says why: see `receiving.drop_scope`.
    """
    tie = read_tie(connection)
    if tie is None:
        return Followed()
    known = _followed(connection)
    put_tie(
        connection,
        tie.model_copy(
            update={
                "server": hello.server,
                "epoch": hello.epoch,
                "agent": hello.agent,
                "rights": hello.rights,
                "scopes": hello.scopes,
            }
        ),
    )
    changed = ruling.adopt(connection, Settings.model_validate(hello.settings))
    return Followed(changed, tuple(scope for scope in hello.scopes if scope not in known))


def put_status(connection: Connection, status: str) -> None:
    """Note how exchanges go (JSON, see `waiting`); nothing is written when nothing changed."""
    set_meta(connection, STATUS, status)


def _followed(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute(select(CORBEILLE.c.scope))}


def _start(connection: Connection, scopes: Iterable[str]) -> None:
    known = _followed(connection)
    for scope in scopes:
        if scope not in known:
            connection.execute(insert(CORBEILLE).values(scope=scope, snapshot=new_id(), **_UNREAD))


_UNREAD = {
    "cur_seq": 0,
    "cur_h": "",
    "seen_seq": 0,
    "seen_h": "",
    "digest": "0",
    "after": "",
    "expected": 0,
}
