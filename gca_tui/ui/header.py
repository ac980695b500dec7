"""The line over everything: who works, on which dossiers, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import NBSP, typeset
from gca_tui.presentation.safe_text import fit, one_line
from gca_tui.store.views import EVERYTHING
from gca_tui.store.window import PRIORITY, SORTS
from gca_tui.ui import status as exchange

_APART = 3
"""Cells around a status."""

if TYPE_CHECKING:
    from gca_tui.store.waiting import SyncState
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.following import Following
    from gca_tui.ui.listing import Listing
    from gca_tui.ui.widgets.bars import Bar


def header(desk: Desk, listing: Listing, following: Following, length: int, status: str = "", width: int = 0) -> str:
    """An order other than that of work is always said: it is not the one an agent should trust.

    Beside a `status`, where one is goes before who one is: what does not fit in `width` cells is left out.
    """
    view = (EVERYTHING if listing.everywhere else listing.selection.view).label
    where = f"{view} {length:,}".replace(",", NBSP)
    where += f" · {listing.filter}" if listing.filter else ""
    where += f" · tri : {listing.sort_name()}" if listing.sort_name() != SORTS[PRIORITY][0] else ""
    person, shown = desk.person, following.where() or where
    demo = ["DÉMONSTRATION, dossiers inventés"] if desk.is_demo else []
    name = person.nom or person.identifiant
    ways = (["gca", *demo, name, person.caisse, shown], [*demo, shown], [*(["DÉMO"] if demo else ()), shown])
    said = [typeset(f" {' · '.join(parts)}") for parts in ways]
    if not status:
        return said[0]
    room = width - len(status) - _APART
    return beside(next((one for one in said if len(one) <= room), said[-1]), status, width)


def now(bar: Bar, state: SyncState) -> str:
    """How the exchange is going, in what a header can spare."""
    return exchange.status(state, bar.app.size.width // 2, plain=bar.app.has_class("-plain"))


def beside(text: str, status: str, width: int) -> str:
    """A header with a status at its right end, which is the last to give way."""
    if not status:
        return text
    room = width - len(status) - _APART
    return f"{fit(one_line(text), room)}  {status} " if room > 0 else f" {status}"


def say_beside(bar: Bar, text: str, state: SyncState) -> None:
    """Show a header with how the exchange is going."""
    bar.say(beside(text, now(bar, state), bar.app.size.width))
