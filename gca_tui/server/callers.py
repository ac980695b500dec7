"""Who calls, for the routes: the token of the request, the agent behind it, and what the application shares."""

from __future__ import annotations

from typing import Annotated, NamedTuple, cast

from anyio import CapacityLimiter
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gca_tui.server.access import Who, identify
from gca_tui.server.front import POSTE
from gca_tui.server.metrics import Metrics
from gca_tui.server.polls import Polls
from gca_tui.server.problems import Refusal
from gca_tui.server.service import Service
from gca_tui.wire import INSTALL_HEADER

_BEARER = HTTPBearer(auto_error=False, description="Le jeton que le poste a reçu à sa connexion.")
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Shared(NamedTuple):
    """What one application holds.

    `readers` bounds the pulls that read at once to the connections kept open, `writers` the pushes.
    """

    service: Service
    metrics: Metrics
    polls: Polls
    readers: CapacityLimiter
    writers: CapacityLimiter


async def shared(request: Request) -> Shared:
    """What the application of this request holds."""
    return cast("Shared", request.app.state.shared)


async def token(credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> str:
    """The token of the request. Raises Refusal 401."""
    if credentials is None or not credentials.credentials:
        raise unknown()
    return credentials.credentials


def unknown() -> Refusal:
    """The refusal of a token nobody holds."""
    return Refusal(
        401,
        "Ce poste n’est pas connu du serveur. Ce qui est enregistré sur ce poste y reste."
        " Demandez un code, puis refaites gca connexion.",
        headers=_CHALLENGE,
    )


def recognised(request: Request, who: Who | None) -> Who:
    """The one who calls. Raises Refusal 401 when nobody has this token, or when another installation shows it."""
    said = request.headers.get(INSTALL_HEADER)
    if who is None or (said and said != who.install):
        raise unknown()
    request.scope[POSTE] = who.install
    return who


def known(request: Request, app: Annotated[Shared, Depends(shared)], secret: Annotated[str, Depends(token)]) -> Who:
    """The one who calls, allowed or not any more. Raises Refusal 401."""
    service = app.service
    with service.base.look() as connection:
        return recognised(request, identify(connection, secret, service.now()))


App = Annotated[Shared, Depends(shared)]
Token = Annotated[str, Depends(token)]
Caller = Annotated[Who, Depends(known)]
