"""A dossier as a client is told of it: one JSON object whose document is the stored text, untouched and last."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select

from gca_tui.server.access import Who
from gca_tui.server.leases import Standing
from gca_tui.server.tables import CLAIM, DOSSIER, MEMBERSHIP
from gca_tui.wire import Claimed

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _shown() -> Select[Any]:
    return (
        select(
            MEMBERSHIP.c.caisse,
            MEMBERSHIP.c.matricule,
            MEMBERSHIP.c.seq,
            MEMBERSHIP.c.present,
            MEMBERSHIP.c.motif,
            DOSSIER.c.rev,
            DOSSIER.c.h,
            DOSSIER.c.seq.label("dossier_seq"),
            DOSSIER.c.document,
            CLAIM.c.agent,
            CLAIM.c.nom,
            CLAIM.c.token,
            CLAIM.c.until,
            CLAIM.c.mode,
        )
        .select_from(MEMBERSHIP)
        .outerjoin(
            DOSSIER,
            and_(
                DOSSIER.c.caisse == MEMBERSHIP.c.caisse,
                DOSSIER.c.matricule == MEMBERSHIP.c.matricule,
                DOSSIER.c.scope == MEMBERSHIP.c.scope,
                MEMBERSHIP.c.present == 1,
            ),
        )
        .outerjoin(
            CLAIM,
            and_(
                CLAIM.c.caisse == DOSSIER.c.caisse,
                CLAIM.c.matricule == DOSSIER.c.matricule,
            ),
        )
        .where(MEMBERSHIP.c.scope == bindparam("scope"))
    )


SHOWN = _shown()
"""The dossiers of the corbeille `scope`, there or gone, each with its document and who took it."""


def claimed(row: Row[Any], who: Who, now: datetime) -> Claimed:
    """Who took it, as this agent may know; nobody once the lease has passed."""
    last = Standing(row.caisse, row.matricule, row.agent, row.nom, "", row.token, row.until, row.mode)
    return claim_of(last, who, now)


def claim_of(last: Standing | None, who: Who, now: datetime) -> Claimed:
    """The last taking of a dossier as this agent may know it; nobody once the lease has passed."""
    if last is None or not last.is_live(now):
        return Claimed()
    mine = last.agent == who.agent.identifiant
    return Claimed(
        agent=last.agent,
        nom=last.nom,
        lease=last.lease(now),
        mode=last.mode,
        token=last.token if mine else 0,
        mine=mine,
    )


def as_text(row: Row[Any], who: Who, now: datetime, since: int = -1) -> str:
    """The wire's `Event` as JSON, its document spliced in as the last key; without one that the client has (`since`).

    Written by hand: this is most of what a reading of a corbeille costs.
    """
    told = {"caisse": row.caisse, "matricule": row.matricule, "seq": row.seq}
    if not row.present or row.document is None:
        return _compact(told | {"gone": True} | ({"motif": row.motif} if row.motif else {}))
    claim = claimed(row, who, now).model_dump(mode="json", exclude_defaults=True) if row.until else {}
    text = _compact(told | {"rev": row.rev, "h": row.h, "claim": claim})
    if row.dossier_seq <= since:
        return text
    return f'{text[:-1]},"document":{row.document}}}'
