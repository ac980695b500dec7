"""Errors as RFC 9457 writes them, in French. Nothing a client sent is repeated in them: it may hold a name."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException

from gca_tui.domain.french import typeset
from gca_tui.errors import GcaError
from gca_tui.server.logs import FIELDS, NAME
from gca_tui.wire import Problem

PROBLEM_JSON = "application/problem+json"
_LOG = logging.getLogger(NAME)

_TITLES = {
    400: ("requete", "Cette requête ne se lit pas."),
    401: ("jeton_inconnu", "Ce poste n’est pas connu du serveur."),
    403: ("corbeille", "Ceci n’est pas ouvert à ce poste."),
    404: ("adresse", "Cette adresse n’existe pas sur ce serveur."),
    405: ("methode", "Cette adresse ne répond pas à cette méthode."),
    408: ("trop_lent", "L’envoi a duré trop longtemps."),
    409: ("etat", "L’état du serveur ne le permet pas."),
    413: ("trop_grand", "Cette requête est trop grande."),
    415: ("format", "Ce format n’est pas reçu."),
    422: ("contenu", "Cette requête n’est pas reçue telle quelle."),
    426: ("version", "Ce programme est trop ancien pour ce serveur."),
    429: ("trop_tot", "Trop d’essais de suite."),
    500: ("imprevu", "Le serveur a rencontré une erreur imprévue."),
    503: ("occupe", "Le serveur est occupé."),
}
_KEPT = "Rien n’a été enregistré."
_WORDS = {
    "missing": "manque",
    "json_invalid": "ce n’est pas du JSON",
    "string_too_long": "trop long",
    "string_too_short": "vide ou trop court",
    "string_pattern_mismatch": "caractères qui ne sont pas admis ici",
    "string_type": "un texte est attendu",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "too_long": "trop d’éléments",
    "too_short": "trop peu d’éléments",
    "less_than": "trop grand",
    "less_than_equal": "trop grand",
    "greater_than": "trop petit",
    "greater_than_equal": "trop petit",
    "literal_error": "valeur qui n’est pas prévue",
    "dict_type": "un objet est attendu",
    "model_type": "un objet est attendu",
    "model_attributes_type": "un objet est attendu",
    "bool_type": "vrai ou faux est attendu",
}
_SHOWN = 20


class Refusal(HTTPException):
    """A request that is answered with an error. `code` is for programs; without one, the usual one of the status."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        code: str = "",
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, typeset(detail), headers)
        self.code = code
        self.errors = tuple(dict(error) for error in errors)


def problem(
    status: int,
    detail: str = "",
    code: str = "",
    *,
    errors: tuple[dict[str, Any], ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that says what happened, what was kept and what to do."""
    usual, title = _TITLES.get(status, ("erreur", HTTPStatus(status).phrase))
    written = Problem(title=typeset(title), status=status, detail=detail, code=code or usual, errors=errors)
    body = written.model_dump_json(exclude_defaults=True)
    return Response(body, status, media_type=PROBLEM_JSON, headers=dict(headers or {}))


def invalid(faults: Sequence[Mapping[str, Any]]) -> Response:
    """What validation found, each with its field."""
    errors = tuple(_said(fault) for fault in faults[:_SHOWN])
    said = typeset("; ".join(f"{error['champ']} : {error['motif']}" for error in errors).replace(";", " ;"))
    return problem(422, f"{said}. {_KEPT}", errors=errors)


def _said(fault: Mapping[str, Any]) -> dict[str, Any]:
    kind = fault["type"]
    path = () if kind == "json_invalid" else fault["loc"][1:]
    return {
        "champ": ".".join(str(part) for part in path) or "contenu",
        "code": kind,
        "motif": _WORDS.get(kind, "valeur qui n’est pas admise"),
    }


def unforeseen() -> Response:
    """The answer to an error of ours."""
    return problem(500, f"{_KEPT} Recommencez plus tard ; si cela dure, prévenez qui exploite ce serveur.")


def report(error: BaseException) -> None:
    """Log where an error came from, without its words nor any value: those may hold a name."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    _LOG.error("imprevu", extra={FIELDS: {"erreur": type(error).__name__, "ou": where}})


def install_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem document."""

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        known = isinstance(error, Refusal)
        detail = str(error.detail) if known else ""
        code, errors = (error.code, error.errors) if isinstance(error, Refusal) else ("", ())
        return problem(error.status_code, detail, code, errors=errors, headers=error.headers)

    async def not_valid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return invalid(error.errors())

    async def not_done(_: Request, error: Exception) -> Response:
        report(error)
        return problem(503, str(error) if isinstance(error, GcaError) else "", headers={"Retry-After": "2"})

    app.add_exception_handler(StarletteHTTPException, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    for passing in (GcaError, OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(passing, not_done)
