"""Every command an agent or the information system can give, as one union told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from gca_tui.domain.commands.calls import CancelCall, PlanCall
from gca_tui.domain.commands.demarches import AcknowledgeDemarche, CloseDemarche, OpenDemarche
from gca_tui.domain.commands.explanation import CorrectMonths, EditExplanation, EstablishFacts, OverrideChecks
from gca_tui.domain.commands.extract import MarkAbsent, ReceiveExtract
from gca_tui.domain.commands.family import (
    CorrectContactDetails,
    EndDerogation,
    GrantDerogation,
    LinkMutation,
    RecordReception,
)
from gca_tui.domain.commands.pieces import RequestPieces, TreatPiece
from gca_tui.domain.commands.referent import AnswerReferent, AskReferent
from gca_tui.domain.commands.rendez_vous import HoldRendezVous, ScheduleRendezVous
from gca_tui.domain.commands.suspicion import ReportSuspicion, WithdrawSuspicion
from gca_tui.domain.commands.trace import AddNote, CorrectNote, LogContact
from gca_tui.domain.commands.urgence import FlagUrgence, LiftUrgence
from gca_tui.domain.commands.work import CloseDossier, HandBack, Reopen, Resume, Take, Wait

AnyCommand = Annotated[
    AddNote
    | CorrectNote
    | LogContact
    | PlanCall
    | CancelCall
    | TreatPiece
    | RequestPieces
    | Wait
    | Resume
    | Take
    | HandBack
    | CloseDossier
    | Reopen
    | ScheduleRendezVous
    | HoldRendezVous
    | AskReferent
    | AnswerReferent
    | FlagUrgence
    | LiftUrgence
    | OpenDemarche
    | AcknowledgeDemarche
    | CloseDemarche
    | CorrectContactDetails
    | EstablishFacts
    | CorrectMonths
    | EditExplanation
    | OverrideChecks
    | ReportSuspicion
    | WithdrawSuspicion
    | RecordReception
    | GrantDerogation
    | EndDerogation
    | LinkMutation
    | ReceiveExtract
    | MarkAbsent,
    Field(discriminator="kind"),
]
ANY_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)

__all__ = [
    "ANY_COMMAND",
    "AcknowledgeDemarche",
    "AddNote",
    "AnswerReferent",
    "AnyCommand",
    "AskReferent",
    "CancelCall",
    "CloseDemarche",
    "CloseDossier",
    "CorrectContactDetails",
    "CorrectMonths",
    "CorrectNote",
    "EditExplanation",
    "EndDerogation",
    "EstablishFacts",
    "FlagUrgence",
    "GrantDerogation",
    "HandBack",
    "HoldRendezVous",
    "LiftUrgence",
    "LinkMutation",
    "LogContact",
    "MarkAbsent",
    "OpenDemarche",
    "OverrideChecks",
    "PlanCall",
    "ReceiveExtract",
    "RecordReception",
    "Reopen",
    "ReportSuspicion",
    "RequestPieces",
    "Resume",
    "ScheduleRendezVous",
    "Take",
    "TreatPiece",
    "Wait",
    "WithdrawSuspicion",
]
