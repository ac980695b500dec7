"""The rules' figures, as a store holds them. Reading them loads nothing that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.settings import Settings
from gca_tui.errors import StoreDamaged

if TYPE_CHECKING:
    from gca_tui.store.window import Window

SETTINGS = "settings"
"""The single fact of the store that holds them."""


def read_settings(window: Window) -> Settings:
    """The settings in force."""
    return parsed(window.meta(SETTINGS))


def parsed(written: str | None) -> Settings:
    """The settings as the store holds them. Raises StoreDamaged: no threshold is guessed."""
    try:
        return Settings.model_validate_json(written) if written else Settings()
    except ValueError as error:
        raise StoreDamaged(
            "Les règles des caisses ne se lisent pas.",
            "Les dossiers sont intacts.",
            "Redonnez-les avec gca regles --depuis FICHIER.",
        ) from error
