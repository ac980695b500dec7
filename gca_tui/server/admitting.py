"""Whether a push is taken in at all: its client must know this server's history, and be no copy of another machine."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, and_, or_, select, update

from gca_tui.server.access import Who
from gca_tui.server.chain import held
from gca_tui.server.tables import INSTALL, OP_RESULT
from gca_tui.wire import Mark, Push


class Stopped(Exception):
    """The whole push is turned away; nothing was written."""

    def __init__(self, error: Literal["lineage", "clone"]) -> None:
        super().__init__(error)
        self.error = error


def admit(connection: Connection, who: Who, pushed: Push) -> None:
    """Take note of a push, or turn it away. Raises Stopped; the transaction must then be undone."""
    if not is_of_this_history(connection, who, pushed):
        raise Stopped("lineage")
    if not _is_next(connection, who, pushed) and not _was_overtaken(connection, who, pushed):
        raise Stopped("clone")


def is_of_this_history(connection: Connection, who: Who, pushed: Push) -> bool:
    """Whether each mark that the client shows is of a journal here: if not, this server was restored from a backup."""
    shown = [(scope, Mark(*mark)) for scope, mark in pushed.seen.items()]
    asked = [(scope, mark) for scope, mark in shown if who.heads.get(scope) != mark]
    return not asked or held(connection, asked) == set(asked)


def _is_next(connection: Connection, who: Who, pushed: Push) -> bool:
    """Note the number of this push; False when the machine has sent it already, or a later one."""
    fresh = or_(INSTALL.c.last_n < pushed.n, and_(INSTALL.c.last_n == pushed.n, INSTALL.c.last_nonce == pushed.nonce))
    noted = update(INSTALL).where(INSTALL.c.id == who.install, fresh)
    return connection.execute(noted.values(last_n=pushed.n, last_nonce=pushed.nonce)).rowcount == 1


def _was_overtaken(connection: Connection, who: Who, pushed: Push) -> bool:
    """Whether all of it came before: a request held up on its way, which its repetition overtook, is no copy."""
    last = connection.execute(select(INSTALL.c.last_n).where(INSTALL.c.id == who.install)).scalar()
    if last is None or last <= pushed.n:
        return False
    ids = {str(operation.command.get("id")) for operation in pushed.ops}
    found = connection.execute(select(OP_RESULT.c.command_id).where(OP_RESULT.c.command_id.in_(sorted(ids))))
    return {row[0] for row in found} == ids
