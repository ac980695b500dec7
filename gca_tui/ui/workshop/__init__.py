"""The workshop: where the explanation of a trop-perçu is written. Imported when it opens."""

from gca_tui.ui.workshop.screen import Workshop

__all__ = ["Workshop"]
