"""The HTTP application: routes over one service. `docs/protocol.md` describes the exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from gca_tui.server import routes_access, routes_claims, routes_health, routes_sync
from gca_tui.server.base import POOL
from gca_tui.server.callers import Shared
from gca_tui.server.contract import tell
from gca_tui.server.front import Front
from gca_tui.server.metrics import Metrics
from gca_tui.server.pages import PACKED_FROM, PACKING
from gca_tui.server.polls import PLACES, Polls
from gca_tui.server.problems import install_handlers
from gca_tui.server.service import Service
from gca_tui.wire import PREFIX, SCHEMA

WRITERS = 3
"""Pushes at once in one process: more threads take each other's turn, and the base is waited for no longer."""


def make_app(service: Service, places: int = PLACES) -> FastAPI:
    """The application of a service, which stays the caller's to close. `places`: long polls held at once."""
    metrics = Metrics()

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        service.bell.watch()
        yield
        service.bell.close()

    app = FastAPI(
        title="gca serveur",
        version=str(SCHEMA),
        description="Le magasin partagé des files de travail gca.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=living,
    )
    polls = Polls(service.bell, metrics, places)
    app.state.shared = Shared(service, metrics, polls, CapacityLimiter(POOL), CapacityLimiter(WRITERS))
    for routes in (routes_health, routes_access, routes_sync, routes_claims):
        app.include_router(routes.router)
    install_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=PACKED_FROM, compresslevel=PACKING)
    app.add_middleware(Front, service=service, metrics=metrics)
    tell(app)
    return app
