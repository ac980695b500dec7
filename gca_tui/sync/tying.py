"""Tying a store to a server with a one-time code, or again after its access was lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from gca_tui import clock
from gca_tui.errors import InputError
from gca_tui.store import remote
from gca_tui.store.tables import DOSSIER, DRAFT, OUTBOX
from gca_tui.sync import faults_told as told
from gca_tui.sync.answers import check_rules
from gca_tui.wire import OLDEST, Enrol, Enrolled

if TYPE_CHECKING:
    from gca_tui.store.remote import Tie
    from gca_tui.store.writer import Writer
    from gca_tui.sync.line import Line

_UNCHANGED = "Rien n’a changé sur ce poste."
_SPENT = "Le code a servi : il en faudra un autre."


def tie_to(
    writer: Writer, line: Line, code: str, *, poste: str = "", ca: str = "", now: Callable[[], datetime] = clock.now
) -> Tie:
    """Turn a code into this store's own access, and keep it. What waits to be sent stays and is sent under it.

    Raises InputError for a store that holds dossiers of its own, or is tied to another server or agent; SyncError.
    """
    known = writer.run(_free_or_tied).result()
    enrolled = line.enrol(Enrol(code=code.strip(), poste=poste))
    _check(known, enrolled)
    return writer.run(lambda c: _put(c, line.url, ca, enrolled, now())).result()


def _free_or_tied(connection: Connection) -> Tie | None:
    """The tie there is. Raises InputError where the store is neither tied nor empty."""
    tie = remote.read_tie(connection)
    if tie is None:
        held = (
            connection.execute(select(func.count()).select_from(table)).scalar() for table in (DOSSIER, OUTBOX, DRAFT)
        )
        if any(held):
            raise InputError(
                "Ce poste a déjà des dossiers qui ne viennent pas d’un serveur.",
                _UNCHANGED,
                "Gardez-les où ils sont et prenez un autre dossier de données : --donnees.",
            )
    return tie


def _check(known: Tie | None, enrolled: Enrolled) -> None:
    """Refuse to mix the dossiers of two servers, or the work of two agents."""
    if enrolled.hello.newest < OLDEST:
        raise told.older_server()
    check_rules(enrolled.hello)
    if known is None:
        return
    other = "--donnees donne à chacun son dossier de données."
    if known.server != enrolled.hello.server:
        raise InputError("Ce poste suit déjà un autre serveur.", f"{_UNCHANGED} {_SPENT}", other)
    if known.agent.identifiant != enrolled.hello.agent.identifiant:
        whose = known.agent.nom or known.agent.identifiant
        raise InputError(f"Ce poste est celui de {whose}.", f"{_UNCHANGED} {_SPENT}", other)


def _put(connection: Connection, url: str, ca: str, enrolled: Enrolled, at: datetime) -> Tie:
    hello = enrolled.hello
    tie = remote.Tie(
        url=url,
        server=hello.server,
        epoch=hello.epoch,
        install=enrolled.install,
        token=enrolled.token,
        agent=hello.agent,
        rights=hello.rights,
        scopes=hello.scopes,
        ca=ca,
    )
    remote.put_tie(connection, tie)
    remote.follow(connection, hello, at)
    return tie
