"""The line over everything: who works, on which dossiers, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import NBSP, typeset
from gca_tui.store.views import EVERYTHING
from gca_tui.store.window import PRIORITY, SORTS

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.following import Following
    from gca_tui.ui.listing import Listing


def header(desk: Desk, listing: Listing, following: Following, length: int) -> str:
    """An order other than that of work is always said: it is not the one an agent should trust."""
    view = (EVERYTHING if listing.everywhere else listing.selection.view).label
    where = f"{view} {length:,}".replace(",", NBSP)
    where += f" · {listing.filter}" if listing.filter else ""
    where += f" · tri : {listing.sort_name()}" if listing.sort_name() != SORTS[PRIORITY][0] else ""
    demo = "DÉMONSTRATION, dossiers inventés · " if desk.is_demo else ""
    person = desk.person
    shown = following.where() or where
    return typeset(f" gca · {demo}{person.nom or person.identifiant} · {person.caisse} · {shown}")
