"""Which kinds of commands each role may give."""

from __future__ import annotations

from typing import get_args

from gca_tui.domain import commands as given
from gca_tui.domain.command import Command

SYSTEM = frozenset({"receive_extract", "mark_absent"})
"""What only the information system says: never taken from a machine."""


def _kinds(*classes: type[Command]) -> frozenset[str]:
    return frozenset(str(one.model_fields["kind"].default) for one in classes)


KINDS = _kinds(*get_args(get_args(given.AnyCommand)[0]))
"""Every kind that this program knows."""
TRACES = _kinds(
    given.AddNote,
    given.CorrectNote,
    given.LogContact,
    given.PlanCall,
    given.CancelCall,
    given.AskReferent,
    given.AnswerReferent,
)
"""What only tells of the dossier: it may be said of one that a colleague has taken."""
RECEPTION = TRACES | _kinds(
    given.OpenDemarche,
    given.AcknowledgeDemarche,
    given.CloseDemarche,
    given.RecordReception,
    given.CorrectContactDetails,
    given.ScheduleRendezVous,
    given.HoldRendezVous,
)
"""What those who receive families do (CSU)."""
WORK = KINDS - SYSTEM
ROLES: dict[str, frozenset[str]] = {
    "gca": WORK,
    "referent": WORK,
    "responsable": WORK,
    "csu": RECEPTION,
    "admin": frozenset(),
}
"""The kinds of each role. An `admin` looks after the server, not after dossiers."""


def may(role: str, kind: str) -> bool:
    """Whether the role may give commands of this kind; one that is not known may give none."""
    return kind in ROLES.get(role, frozenset())
