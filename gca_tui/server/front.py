"""What stands before every call: the version check, the common headers, the log line, the counters, the last net."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gca_tui.domain.french import typeset
from gca_tui.server.logs import say
from gca_tui.server.metrics import Metrics
from gca_tui.server.problems import problem, report, unforeseen
from gca_tui.server.service import Service
from gca_tui.wire import OLDEST, PREFIX, SCHEMA_HEADER, TIME_HEADER

WAITED, POSTE = "gca.waited", "gca.poste"
"""What a call leaves in its scope: the seconds it waited for something to move, and its installation's id."""
_METHODS = frozenset({"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SCHEMA = SCHEMA_HEADER.lower().encode()
_TIME = TIME_HEADER.encode()
_COMMON = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
_TOO_OLD = typeset(
    "Ce programme est trop ancien pour ce serveur. Ce qui a été saisi est gardé sur ce poste."
    " Mettez le programme à jour, puis relancez-le : l’envoi reprendra."
)


class Cut(Exception):
    """An answer that broke off half way: what is known of it was logged already."""


class Front:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, service: Service, metrics: Metrics) -> None:
        self.app = app
        self.service = service
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                stamped = (_TIME, self.service.instant().encode())
                message["headers"] = [*message.get("headers", ()), *_COMMON, stamped]
            await send(message)

        try:
            if _is_too_old(scope):
                await problem(426, _TOO_OLD)(scope, receive, sending)
            else:
                await self.app(scope, receive, sending)
        except Exception as error:
            report(error)
            self.metrics.errors.inc()
            if status:
                raise Cut from None
            await unforeseen()(scope, receive, sending)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "")
        waited = scope.get(WAITED, 0.0)
        method = scope["method"] if route and scope["method"] in _METHODS else ""
        self.metrics.served(method, route, status, seconds, waited)
        say(
            "requete",
            methode=method,
            route=route,
            statut=status,
            ms=round(1_000 * (seconds - waited), 1),
            attente=round(waited, 1),
            poste=scope.get(POSTE, "")[:8],
        )


def _is_too_old(scope: Scope) -> bool:
    """The call says a version that is no longer spoken, or that is none."""
    if not scope["path"].startswith(f"{PREFIX}/"):
        return False
    for name, value in scope["headers"]:
        if name == _SCHEMA:
            return not (value.isdigit() and int(value[:9]) >= OLDEST)
    return False
