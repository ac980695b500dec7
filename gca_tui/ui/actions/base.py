"""What a person can invoke: one value from which footer, palette, help, manual and key settings are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gca_tui.store.window import Row
    from gca_tui.ui.screens.queue import QueueScreen


@dataclass(frozen=True)
class Situation:
    """What an action may look at to say why it cannot be done now."""

    row: Row | None
    marked: int
    is_tied: bool = False
    """Whether the store exchanges with a server."""


Refusal = Callable[[Situation], str | None]


def always(_: Situation) -> str | None:
    """Never refused."""
    return None


def needs_dossier(situation: Situation) -> str | None:
    """A dossier is under the cursor."""
    return None if situation.row else "Aucun dossier dans cette liste : changez de vue (g) ou de filtre (/)."


def needs_open(situation: Situation) -> str | None:
    """A dossier that is not closed is under the cursor."""
    refused = needs_dossier(situation)
    if refused or situation.row is None:
        return refused
    return "Le dossier est clos : rouvrez-le d’abord (C)." if situation.row.statut == "clos" else None


@dataclass(frozen=True)
class Action:
    """`key` and `twin` are Textual key names; `label` is for the footer, `help` is a sentence."""

    id: str
    key: str
    label: str
    help: str
    run: Callable[[QueueScreen], None]
    twin: str = ""
    refusal: Refusal = always
    group: str = "Dossier"
    footer: bool = False

    @property
    def keys(self) -> str:
        """Key and twin as a binding has them."""
        return f"{self.key},{self.twin}" if self.twin else self.key


_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "asterisk": "*",
    "exclamation_mark": "!",
    "space": "Espace",
    "ctrl+l": "Ctrl+L",
    "escape": "Échap",
    "enter": "Entrée",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """A key as it is written on the keyboard."""
    return " ".join(_NAMES.get(one, one.upper() if one[1:].isdigit() else one) for one in key.split(",") if one)
