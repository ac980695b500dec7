"""What the OpenAPI says of errors: the same problem document for all of them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gca_tui.server.problems import PROBLEM_JSON
from gca_tui.wire import Problem

_ALWAYS = (422, 426, 500, 503)
_BODY = (400, 408, 413, 415)
_WORDS = {
    400: "Le contenu ne se lit pas.",
    401: "Ce jeton n’est à personne.",
    403: "Ce qui est demandé n’est pas ouvert à cet agent.",
    408: "Le contenu n’est pas arrivé à temps.",
    409: "L’état du serveur ne le permet pas.",
    413: "Le contenu est trop grand.",
    415: "Cette compression n’est pas reçue.",
    422: "Un champ n’est pas reçu tel quel.",
    426: "Le programme est trop ancien.",
    429: "Trop d’essais : attendre le temps dit par Retry-After.",
    500: "Erreur imprévue du serveur.",
    503: "La base de données est occupée ou ne répond pas.",
}
_PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route: these, and those that any route may answer."""
    return {
        status: {"description": _WORDS[status], "content": _PROBLEM} for status in sorted({*statuses, *_BODY, *_ALWAYS})
    }


def tell(app: FastAPI) -> None:
    """Make the application describe itself with the problem document among its types."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            types = schema.setdefault("components", {}).setdefault("schemas", {})
            types["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def health_errors() -> dict[int | str, dict[str, Any]]:
    """The errors of a route that takes nothing."""
    return {status: {"description": _WORDS[status], "content": _PROBLEM} for status in (500, 503)}
