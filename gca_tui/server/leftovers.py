"""What an agent had begun on dossiers that left them: kept for the caisse that owns those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from gca_tui.server.access import Who
from gca_tui.wire import Kept, LeftDraft, LeftDrafts

if TYPE_CHECKING:
    from gca_tui.server.service import Service

KIND = "brouillon"
MOTIF = "Brouillon commencé avant que le dossier ne soit réaffecté."
_KEEP = text(
    "INSERT INTO quarantine (id, agent, caisse, matricule, kind, body, motif, at, seen_by)"
    " VALUES (:id, :agent, :caisse, :matricule, :kind, :body, :motif, :at, '') ON CONFLICT (id) DO NOTHING"
)


def keep(service: Service, who: Who, left: LeftDrafts) -> Kept:
    """Put drafts in quarantine. Sent twice they are kept once. No right is needed: that it was lost is the reason."""
    at = service.instant()
    rows = [_row(at, who, f"{who.install}:{left.id}:{place}", one) for place, one in enumerate(left.drafts)]

    def written(connection: Connection) -> None:
        if rows:
            connection.execute(_KEEP, rows)

    service.base.writing(written)
    return Kept(kept=len(rows))


def _row(at: str, who: Who, key: str, left: LeftDraft) -> dict[str, Any]:
    return {
        "id": key,
        "agent": who.agent.identifiant,
        "caisse": left.caisse,
        "matricule": left.matricule,
        "kind": KIND,
        "body": left.model_dump_json(),
        "motif": MOTIF,
        "at": at,
    }
