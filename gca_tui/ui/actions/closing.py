"""Closing a dossier and opening it again: what is missing is said before anything changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.french import count, typeset
from gca_tui.ui.actions.base import Action, Situation, needs_dossier, needs_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gca_tui.domain.command import Missing
    from gca_tui.ui.screens.queue import QueueScreen

SEVERAL = "On ne clôt jamais plusieurs dossiers à la fois : enlevez les marques (Échap)."


def close(screen: QueueScreen) -> None:
    """Close, once nothing forbids it; what is missing is listed with the key that mends it."""
    if screen.marked_keys():
        screen.refuse(SEVERAL)
        return
    dossier = screen.dossier()
    if dossier is None:
        return
    from gca_tui.domain.closing import missing_to_close

    missing = missing_to_close(dossier, screen.desk.context())
    if missing:
        _tell(screen, missing)
    else:
        _form(screen)


def _form(screen: QueueScreen) -> None:
    if dossier := screen.dossier():
        screen.work.form("close", dossier)


def _tell(screen: QueueScreen, missing: Sequence[Missing]) -> None:
    """All that is missing; where nothing forbids the closing, Enter goes on to it."""
    from gca_tui.ui.actions.registry import key_of
    from gca_tui.ui.screens.chooser import Reader

    blocking = [one for one in missing if one.blocks]
    notices = [one for one in missing if not one.blocks]
    named = {one.action: key_of(one.action, screen.app_keys()) for one in missing if one.action}

    def lines(listed: Sequence[Missing]) -> list[str]:
        keys = (f"   touche {named[one.action]}" if one.action else "" for one in listed)
        return [typeset(f"- {one.text}{key}") for one, key in zip(listed, keys, strict=True)]

    told = lines(blocking)
    if blocking and notices:
        told += ["", typeset("À savoir :")]
    told += lines(notices)
    title = (
        f"Clôture impossible : il reste {count(len(blocking), 'point')}" if blocking else "À savoir avant de clôturer"
    )
    keys = {key: partial(screen.action_invoke, action) for action, key in named.items()}
    reader = Reader(title, told, confirm="" if blocking else "clôturer quand même", keys=keys)
    screen.app.push_screen(reader, lambda yes: _form(screen) if yes else None)


def reopen(screen: QueueScreen) -> None:
    """Open a closed dossier again."""
    if dossier := screen.dossier():
        screen.work.form("reopen", dossier)


def _one(situation: Situation) -> str | None:
    return None if situation.marked else needs_open(situation)


def _is_closed(situation: Situation) -> str | None:
    refused = needs_dossier(situation)
    if refused or situation.row is None:
        return refused
    return None if situation.row.statut == "clos" else "Le dossier n’est pas clos."


ACTIONS = (
    Action("close", "c", "clôturer", "Clôturer le dossier s’il ne reste rien à faire.", close, refusal=_one,
           footer=True),
    Action("reopen", "C", "rouvrir", "Rouvrir un dossier clos.", reopen, refusal=_is_closed),
)  # fmt: skip
