"""Routes by which a machine becomes an agent's own and learns what it may do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from sqlalchemy import Connection, update

from gca_tui.server import enrolling
from gca_tui.server.access import Who, again, identify
from gca_tui.server.callers import App, Caller, Shared, unknown
from gca_tui.server.contract import errors
from gca_tui.server.enrolling import Installed, TooSoon
from gca_tui.server.limits import BoundedRoute
from gca_tui.server.problems import Refusal
from gca_tui.server.pulling import hello as told
from gca_tui.server.tables import INSTALL
from gca_tui.wire import PREFIX, SCHEMA, SCHEMA_HEADER, Enrol, Enrolled, Hello

router = APIRouter(prefix=PREFIX, route_class=BoundedRoute, tags=["accès"])
Schema = Annotated[int, Header(alias=SCHEMA_HEADER, ge=0, lt=1 << 31, description="Version de ces échanges.")]


@router.get("/hello", responses=errors(401))
def hello(app: App, who: Caller, schema: Schema = SCHEMA) -> Hello:
    """What the server is, who it takes the caller for, which corbeilles are open, and the rules in force."""
    service = app.service
    now = service.now()

    def seen(connection: Connection) -> Hello:
        values = {"seen_at": now.isoformat(), "schema_version": schema}
        connection.execute(update(INSTALL).where(INSTALL.c.id == who.install).values(values))
        return told(connection, again(connection, who, now), now)

    return service.base.writing(seen)


@router.post("/connexion", responses=errors(403, 429))
def connexion(app: App, request: Request, enrol: Enrol, schema: Schema = SCHEMA) -> Enrolled:
    """Turn a one-time code into an installation and its token."""
    source = request.client.host if request.client else ""

    def tried(connection: Connection) -> Enrolled | int:
        now = app.service.now()
        enrolling.check_pace(connection, source, now)
        installed = enrolling.spend(connection, enrol.code, enrol.poste, schema, now)
        if installed is None:
            return enrolling.failed(connection, source, now)
        enrolling.forgive(connection, source)
        return _enrolled(connection, app, installed)

    try:
        enrolled = app.service.base.writing(tried)
    except TooSoon as error:
        app.metrics.enrolments.labels("trop_tot").inc()
        raise Refusal(
            429,
            f"Trop d’essais de suite depuis cette adresse. Recommencez dans {error.seconds} s.",
            headers={"Retry-After": str(error.seconds)},
        ) from None
    app.metrics.enrolments.labels("refuse" if isinstance(enrolled, int) else "accepte").inc()
    if isinstance(enrolled, int):
        raise Refusal(
            403,
            "Ce code n’est pas valable : il est mal recopié, déjà utilisé ou trop ancien."
            " Rien n’a changé. Vérifiez-le, ou demandez-en un autre.",
            "code_inconnu",
        )
    return enrolled


@router.post("/install", responses=errors(401, 403, 409))
def install(app: App, who: Caller, schema: Schema = SCHEMA) -> Enrolled:
    """Another id and token for a store that was copied from this one: each copy then counts its own pushes."""

    def made(connection: Connection) -> Enrolled | None:
        now = app.service.now()
        current = again(connection, who, now)
        if not current.allowed:
            raise Refusal(
                403, "Ce poste n’a plus accès au serveur. Ce qui est enregistré ici y reste.", "poste_revoque"
            )
        agent = current.agent.identifiant
        if enrolling.alive(connection, agent) >= enrolling.INSTALLS:
            return None
        return _enrolled(connection, app, enrolling.install_for(connection, agent, "copie", schema, now))

    enrolled = app.service.base.writing(made)
    if enrolled is None:
        raise Refusal(
            409,
            f"Cet agent a déjà {enrolling.INSTALLS} postes. Faites révoquer ceux qui ne servent plus.",
            "trop_de_postes",
        )
    return enrolled


def _enrolled(connection: Connection, app: Shared, installed: Installed) -> Enrolled:
    now = app.service.now()
    who: Who | None = identify(connection, installed.token, now)
    if who is None:
        raise unknown()
    return Enrolled(install=installed.install, token=installed.token, hello=told(connection, who, now))
