"""Taking in what a client sends: each of its transactions is one of the base, applied whole or not at all.

In one, locks are taken in this order: the installation, dossiers by their keys, corbeilles by their ids.
"""

from __future__ import annotations

from sqlalchemy import Connection

from gca_tui.server.access import Who, again
from gca_tui.server.admitting import Stopped, admit
from gca_tui.server.receiving import Given, transactions
from gca_tui.server.service import Service
from gca_tui.server.settling import Settled, Settling
from gca_tui.wire import Event, Key, Push, Pushed, Result, Status

BLOCKING: frozenset[Status] = frozenset({"conflict", "refused", "future", "waiting"})
"""After these the later commands of the same dossier wait: they were given on top."""


def push(service: Service, who: Who, pushed: Push) -> Pushed:
    """Apply commands, once each however often they are sent. A result for each, in their order."""
    taking = _Taking(service, who, pushed)
    try:
        for place, given in enumerate(transactions(pushed.ops, who.agent) or [[]]):
            taking.take(given, first=place == 0)
    except Stopped as stopped:
        return Pushed(error=stopped.error)
    finally:
        service.bell.ring(taking.moved)
    return taking.answer()


class _Taking:
    """One push, transaction after transaction."""

    def __init__(self, service: Service, who: Who, pushed: Push) -> None:
        self.moved: set[str] = set()
        self._service, self._who, self._pushed = service, who, pushed
        self._blocked: set[Key] = set()
        self._results: dict[str, list[Result]] = {}
        self._told: dict[str, dict[Key, Event]] = {}

    def take(self, given: list[Given], *, first: bool) -> None:
        """One transaction, from its beginning again when another one was in its way."""

        def work(connection: Connection) -> Settled:
            who = again(connection, self._who, self._service.now())
            if who.epoch != self._who.epoch:  # restored from a backup since the request came
                raise Stopped("lineage")
            if first:
                admit(connection, who, self._pushed)
            return Settling(self._service, connection, who, self._pushed).settle(given, self._blocked)

        settled = self._service.base.writing(work)
        for one, result in zip(given, settled.results, strict=True):
            self._results.setdefault(one.operation.tx, []).append(result)
            if result.status in BLOCKING:
                self._blocked.add(one.key)
        for scope, told in settled.told.items():
            self._told.setdefault(scope, {}).update(told)
        self.moved |= settled.moved

    def answer(self) -> Pushed:
        """The results, in the order in which the commands were sent."""
        order = {tx: iter(found) for tx, found in self._results.items()}
        return Pushed(
            results=tuple(next(order[operation.tx]) for operation in self._pushed.ops),
            dossiers={scope: tuple(told.values()) for scope, told in self._told.items()},
        )
