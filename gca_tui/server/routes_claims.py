"""Routes by which dossiers are taken and given back."""

from __future__ import annotations

from fastapi import APIRouter

from gca_tui.server import claiming
from gca_tui.server.callers import App, Caller
from gca_tui.server.contract import errors
from gca_tui.server.limits import BoundedRoute
from gca_tui.server.problems import Refusal
from gca_tui.wire import PREFIX, Claim, Claims, Renew, parse_key

router = APIRouter(prefix=f"{PREFIX}/claims", route_class=BoundedRoute, tags=["prises"])


@router.post("", responses=errors(401), response_model_exclude_defaults=True)
def take(app: App, who: Caller, asked: Claim) -> Claims:
    """Take these dossiers, or the next one, or a lot: one of the three."""
    if (bool(asked.ids), asked.next is not None, asked.lot is not None).count(True) != 1:
        raise Refusal(422, "Demandez des dossiers, le suivant ou un lot : un seul des trois.", "demande")
    return claiming.claim(app.service, who, asked)


@router.post("/renew", responses=errors(401), response_model_exclude_defaults=True)
def renew(app: App, who: Caller, asked: Renew) -> Claims:
    """Keep dossiers a while longer, or give them back."""
    try:
        tokens = {parse_key(name): token for name, token in asked.tokens.items()}
    except ValueError:
        raise Refusal(422, "Un dossier s’écrit caisse/matricule, comme 681/0123456.", "dossier") from None
    return claiming.renew(app.service, who, asked, tokens)
