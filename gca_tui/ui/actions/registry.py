"""All actions, in the order in which help and palette show them."""

from __future__ import annotations

from collections.abc import Mapping

from gca_tui.ui.actions import dossier, drafts, lists, program
from gca_tui.ui.actions.base import Action, key_name

ACTIONS: tuple[Action, ...] = (*lists.ACTIONS, *dossier.ACTIONS, *drafts.ACTIONS, *program.ACTIONS)
BY_ID = {action.id: action for action in ACTIONS}
FOOTER_ORDER = (
    *("next", "note", "contact", "treat_piece", "wait", "close", "filter"),
    *("help", "palette", "undo", "quit"),
)


def key_of(action: str, keymap: Mapping[str, str] | None = None) -> str:
    """The first key of an action as written on the keyboard, `keymap` saying which were changed; "" without one."""
    if action not in BY_ID:
        return ""
    return key_name((keymap or {}).get(action, BY_ID[action].key).split(",")[0])


def footer_keys(keymap: dict[str, str]) -> list[tuple[str, str]]:
    """What the footer shows: the first key of an action and its label."""
    return [(key_name(keymap.get(name, BY_ID[name].key).split(",")[0]), BY_ID[name].label) for name in FOOTER_ORDER]
