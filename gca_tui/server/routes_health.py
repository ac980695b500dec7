"""Routes for who watches the server. They say nothing of anybody."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import text

from gca_tui.server.callers import App
from gca_tui.server.contract import health_errors
from gca_tui.server.limits import BoundedRoute
from gca_tui.server.metrics import CONTENT_TYPE

router = APIRouter(route_class=BoundedRoute, tags=["santé"])
_ONE = text("SELECT 1")
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Au format de Prometheus.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


class Sante(BaseModel):
    """The server answers, and so does its base."""

    etat: Literal["ok"] = "ok"


@router.get("/sante", responses=health_errors())
def sante(app: App) -> Sante:
    """Whether the server and its base answer."""
    with app.service.base.look() as connection:
        connection.execute(_ONE).scalar_one()
    return Sante()


@router.get("/metrics", response_class=Response, responses=_METRICS | health_errors())
def metrics(app: App) -> Response:
    """Counts and times."""
    return Response(app.metrics.text(), headers={"Content-Type": CONTENT_TYPE})
