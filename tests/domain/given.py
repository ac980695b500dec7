"""Short ways to say « given a dossier », with dates written out."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

import pytest

from gca_tui.domain.apply import apply
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import ANY_COMMAND, AnyCommand, ReceiveExtract
from gca_tui.domain.commands.extract import ReadIndu, ReadPiece
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.trop_percu import Montants
from tests.strategies import AUTHORS, CONTEXT, NOW

INES, PAUL, KATIA = AUTHORS
_numbers = count(1)


def command(kind: str | type[Command], **fields: Any) -> AnyCommand:
    """A command of Inès for 681·0123456, unless said otherwise."""
    name = kind if isinstance(kind, str) else kind.model_fields["kind"].default
    common = {"id": f"cmd{next(_numbers)}", "caisse": "681", "matricule": "0123456", "author": INES, "at": NOW}
    return ANY_COMMAND.validate_python({"kind": name, **common, **fields})


def a_piece(name: str = "P1", received: date | None = date(2026, 11, 2), **seen: Any) -> ReadPiece:
    """A pièce as an extract with all its columns says it."""
    fields: Mapping[str, Any] = {"nature": "ressources", "canal": "courrier", "prestation": "", "etat": "", **seen}
    return ReadPiece(id=name, extrait=ExtraitPiece(recue_le=received, **fields))


def an_indu(name: str = "INK 001", day: date | None = date(2026, 5, 4), verse: int = 150_000, **seen: Any) -> ReadIndu:
    """A trop-perçu of January 2026 as an extract with all its columns says it."""
    fields: Mapping[str, Any] = {
        "reference": name,
        "prestation": "RSA",
        "motif": "10",
        "recue_le": None,
        "mois": {"2026-01": Montants(verse=verse, du=0)},
        **seen,
    }
    return ReadIndu(id=name, notifiee_le=day, **fields)


def an_extract(**seen: Any) -> ReceiveExtract:
    """The extract of 2 November 2026: one pièce and one trop-perçu, unless said otherwise."""
    fields: Mapping[str, Any] = {
        "le": date(2026, 11, 2),
        "allocataire": Allocataire(nom="SCHÄFER", prenom="Anna"),
        "prestations": ("APL",),
        "pieces": (a_piece(),),
        "indus": (an_indu(),),
        **seen,
    }
    common = {"caisse": "681", "matricule": "0123456", "author": KATIA, "at": NOW}
    return ReceiveExtract(**({"id": f"ext{next(_numbers)}", **common, **fields}))


def made(*commands: AnyCommand, context: Context = CONTEXT) -> Dossier:
    """The dossier that these commands make, the first of them an extract."""
    first, *others = commands
    return give(apply(None, first, context), *others, context=context)


def give(dossier: Dossier, *commands: AnyCommand, context: Context = CONTEXT) -> Dossier:
    """The dossier after these commands, none of which is refused."""
    for one in commands:
        dossier = apply(dossier, one, context)
    return dossier


def refusal(dossier: Dossier, refused: AnyCommand, context: Context = CONTEXT) -> str:
    """The code of the refusal that the command meets."""
    with pytest.raises(CommandRefused) as met:
        apply(dossier, refused, context)
    return met.value.code
