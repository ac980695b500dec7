"""Routes of the exchange: what moved, whole corbeilles, commands, lineage, drafts left behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from gca_tui.server import leftovers, pulling, pushing, snapshot
from gca_tui.server.access import Who
from gca_tui.server.callers import App, Caller, Shared, Token, known, recognised
from gca_tui.server.contract import errors
from gca_tui.server.front import WAITED
from gca_tui.server.limits import BoundedRoute
from gca_tui.server.pages import PACKED_FROM, packed
from gca_tui.server.polls import seconds_asked
from gca_tui.server.problems import Refusal
from gca_tui.server.pulling import Answer
from gca_tui.wire import (
    PREFIX,
    Fork,
    Kept,
    LeftDrafts,
    Lineage,
    Pull,
    Pulled,
    Push,
    Pushed,
    Scope,
    parse_key,
)

router = APIRouter(prefix=f"{PREFIX}/sync", route_class=BoundedRoute, tags=["échange"])
NDJSON = "application/x-ndjson"
_KEY = r"^[0-9A-Za-z._-]{1,20}/[0-9A-Za-z._-]{1,40}$"
_PULLED: dict[int | str, dict[str, Any]] = {
    200: {"model": Pulled, "description": "Ce qui a bougé."},
    204: {"description": "Rien n’a bougé."},
}
_PUSHED: dict[int | str, dict[str, Any]] = {
    200: {"model": Pushed, "description": "Un résultat par changement, dans leur ordre."}
}
_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Une ligne SnapshotHead, des lignes Event, une ligne SnapshotTail.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}


@router.post("/pull", response_class=Response, responses=_PULLED | errors(401))
async def pull(
    request: Request,
    app: App,
    secret: Token,
    asked: Pull,
    prefer: Annotated[str | None, Header(description="`wait=25` : attendre qu’il y ait du nouveau.")] = None,
) -> Response:
    """What moved since the client's marks; `Prefer: wait=N` waits for it."""

    async def look(*, moved: bool = False) -> tuple[str, Answer | None]:
        read = partial(pulling.read, app.service, secret, asked, likely=moved)
        who, found = await to_thread.run_sync(read, limiter=app.readers)
        return recognised(request, who).install, found

    seconds = seconds_asked(prefer)
    if seconds:
        answer = await _waited(
            request, app, app.polls.until(secret, tuple(asked.scopes), seconds, request.receive, look)
        )
    else:
        _, answer = await look()
    if answer is None:
        return Response(status_code=204, headers=app.polls.advice() if seconds else None)
    app.metrics.events.inc(answer.dossiers)
    if len(answer.text) < PACKED_FROM or "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(answer.text, media_type="application/json")
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(packed(answer.text), media_type="application/json", headers=headers)


async def _waited(request: Request, app: Shared, waiting: Any) -> Answer | None:
    """The answer of a long poll; the time it took does not count as work."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        answer: Answer | None = await waiting
    finally:
        request.scope[WAITED] = loop.time() - began
    return answer


def _open(who: Who, scope: str) -> None:
    if scope not in who.heads:
        raise Refusal(403, who.motif(scope))


@router.get("/snapshot", response_class=StreamingResponse, responses=_LINES | errors(401, 403))
def whole(
    app: App,
    who: Caller,
    scope: Annotated[Scope, Query(description="La corbeille.")],
    after: Annotated[str, Query(pattern=f"^$|{_KEY}", description="Reprendre après ce dossier : `681/0123456`.")] = "",
    limit: Annotated[int, Query(ge=1, le=snapshot.LINES)] = snapshot.LINES,
) -> StreamingResponse:
    """A corbeille in the order of its dossiers, some of it at a time."""
    _open(who, scope)

    def counted() -> Iterator[bytes]:
        for lines in snapshot.stream(app.service, who, scope, parse_key(after) if after else None, limit):
            app.metrics.events.inc(lines.count(b"\n"))
            yield lines

    return StreamingResponse(counted(), media_type=NDJSON)


@router.post("/push", response_class=Response, responses=_PUSHED | errors(401))
async def push(request: Request, app: App, secret: Token, pushed: Push) -> Response:
    """Apply commands; each has its own result, and a refused one is no error of the call.

    All in one thread: going from one to another costs as much as a statement. Some at once, no more: threads that all
    want to run keep each other from it.
    """

    def taken() -> Pushed:
        return pushing.push(app.service, known(request, app, secret), pushed)

    answer = await to_thread.run_sync(taken, limiter=app.writers)
    for status, number in Counter(result.status for result in answer.results).items():
        app.metrics.commands.labels(status).inc(number)
    return Response(answer.model_dump_json(exclude_defaults=True), media_type="application/json")


@router.post("/lineage", responses=errors(401, 403))
def lineage(app: App, who: Caller, asked: Lineage) -> Fork:
    """The newest of these marks that the corbeille's journal holds."""
    _open(who, asked.scope)
    with app.service.base.read() as connection:
        return pulling.fork(connection, asked)


@router.post("/drafts", responses=errors(401))
def drafts(app: App, who: Caller, left: LeftDrafts) -> Kept:
    """Keep what was begun on dossiers that left, for the caisse that owns them."""
    return leftovers.keep(app.service, who, left)
