"""The palette: every action by its name or its help, accents optional."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider

from gca_tui.domain.folding import plain
from gca_tui.ui.actions.base import key_name
from gca_tui.ui.actions.registry import ACTIONS

if TYPE_CHECKING:
    from gca_tui.ui.screens.queue import QueueScreen


class ActionProvider(Provider):
    """Finds actions; those whose label begins with what is typed come first."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in ACTIONS:
            title = f"{action.label.capitalize()}  ({key_name(action.keys)})"
            yield DiscoveryHit(Text(title), partial(self._invoke, action.id), help=action.help)

    async def search(self, query: str) -> Hits:
        """Those that hold all the words typed."""
        words = plain(query).split()
        for action in ACTIONS:
            label, everything = plain(action.label), plain(f"{action.label} {action.help} {action.group}")
            if all(word in everything for word in words):
                score = 1.0 if label.startswith(words[0]) else 0.8 if words[0] in label else 0.5
                title = f"{action.label.capitalize()}  ({key_name(action.keys)})"
                yield Hit(score, Text(title), partial(self._invoke, action.id), text=action.label, help=action.help)

    def _invoke(self, action: str) -> None:
        cast("QueueScreen", self.screen).action_invoke(action)
