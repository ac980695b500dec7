"""Words typed over a dossier that left meanwhile go with it: no draft stays of what is not here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from gca_tui.ids import new_id
from gca_tui.store.tables import DEPARTURE, DOSSIER

Key = tuple[str, str]


def last_departure(connection: Connection, key: Key) -> Any:
    """The last time a dossier left, None when it never did."""
    where = DEPARTURE.c.caisse == key[0], DEPARTURE.c.matricule == key[1]
    return connection.execute(select(DEPARTURE).where(*where).order_by(DEPARTURE.c.n.desc()).limit(1)).first()


def keep_late(connection: Connection, key: Key, draft: Mapping[str, Any]) -> bool:
    """Have a draft go with a dossier that left; False when it is here, or was never here.

    `draft` has the columns of a draft without its key. It takes the place of an earlier one of the same form.
    """
    here = select(DOSSIER.c.id).where(DOSSIER.c.caisse == key[0], DOSSIER.c.matricule == key[1]).limit(1)
    last = last_departure(connection, key)
    if last is None or connection.execute(here).first():
        return False
    parcels = [one for one in json.loads(last.drafts or "[]") if one.get("late") != _form(draft)]
    parcels.append({"id": new_id(), "late": _form(draft), "drafts": [dict(draft)]})
    values = {
        "drafts": json.dumps(parcels, ensure_ascii=False),
        "drafts_left": max(last.drafts_left, sum(len(one["drafts"]) for one in parcels)),
        "seen": 0,
    }
    connection.execute(update(DEPARTURE).where(DEPARTURE.c.n == last.n).values(**values))
    return True


def _form(draft: Mapping[str, Any]) -> list[str]:
    return [draft["kind"], draft["target"]]
