"""Whether a value typed in a filter exists: in the reference, or in the store, which keeps codes of other days."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from gca_tui.domain.folding import plain
from gca_tui.domain.french import NBSP
from gca_tui.store.views import Condition, View
from gca_tui.store.window import Selection, Window

Known = Callable[[Condition, date], bool]
"""Whether any dossier meets a condition, closed ones included."""


class UnknownValueError(ValueError):
    """A value that is nowhere; its text is all that is said."""


def known_in(window: Window) -> Known:
    """Asks the store of a window, from the window's own thread."""

    def known(condition: Condition, today: date) -> bool:
        view = View("valeur", "", condition.sql, params={name: str(value) for name, value in condition.params.items()})
        return bool(window.head(Selection(view, sort="matricule"), today, 1))

    return known


def codes(name: str) -> Collection[str]:
    """The codes that the reference has for a term; none for a term that it does not list."""
    from gca_tui import reference

    lists = {
        "caisse": reference.caisses,
        "prest": reference.prestations,
        "nature": reference.natures,
        "canal": reference.canaux,
    }
    return lists[name]() if name in lists else ()


def problem(name: str, value: str, codes: Collection[str], *, whole: bool) -> str:
    """Why a value is none of the codes, in a few words; "" when it is one, or the beginning of one.

    With `whole` a beginning is not enough, and is said to be one.
    """
    typed = plain(value)
    beginning = [code for code in codes if plain(code).startswith(typed)]
    if any(plain(code) == typed for code in beginning) or (beginning and not whole):
        return ""
    if beginning:
        return f"{name}{NBSP}{value}…{NBSP}: {', '.join(beginning[:3])}{'…' if len(beginning) > 3 else ''}"
    return f"{name} {value} {'inconnu' if name == 'canal' else 'inconnue'}."
