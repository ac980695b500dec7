"""Who has a dossier, in words: beside it in the list, over it, and where a key is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from gca_tui import clock
from gca_tui.domain.french import NBSP, typeset
from gca_tui.presentation.safe_text import ELLIPSIS
from gca_tui.store.claimed import Held

MINE, OTHERS = "●", "○"
_NAME = 3
"""Letters of a name under which it says nobody."""


def claim_mark(held: Held, width: int, *, plain: bool = False) -> str:
    """`● vous`, `○ Martin jusqu’à 10 h 30`, in at most `width` cells: the name is shortened last.

    `plain`: in words alone, for a braille display or a voice.
    """
    if held.mine:
        said = "vous" if held.token else "vous, à confirmer"
        sign = MINE if held.token else OTHERS
        return _first([said, "vous"] if plain else [f"{sign} {said}", f"{sign} vous"], width)
    sign = "" if plain else f"{OTHERS} "
    name, until = held.nom or "un collègue", until_words(datetime.fromisoformat(held.until))
    room = width - len(sign) - len(until) - 1
    hour = until.removeprefix("jusqu’à ")
    forms = [f"{sign}{name} {until}", f"{sign}{name} {hour}"]
    if room >= _NAME:
        forms.append(f"{sign}{name[: room - 1]}{ELLIPSIS} {until}")
    return _first([*forms, f"{sign}{name}"], width)


def until_words(until: datetime) -> str:
    """`jusqu’à 10 h 30`, to the nearest minute, with the day when it is another one."""
    local = clock.local(until + timedelta(seconds=30))
    hour = f"{local.hour}{NBSP}h{NBSP}{local:%M}"
    return f"jusqu’à {hour}" if local.date() == clock.today() else f"jusqu’au {local:%d/%m} {hour}"


def claim_refusal(nom: str, until: datetime) -> str:
    """Why a dossier cannot be taken."""
    return typeset(f"{nom or 'Un collègue'} a ce dossier {until_words(until)}. Rien n’a changé : n ouvre le suivant.")


def denied_words(label: str, nom: str, until: datetime) -> str:
    """That a dossier taken here without network is somebody else's."""
    return typeset(f"{nom or 'Un collègue'} a {label} {until_words(until)} : il ne vous est pas réservé.")


def _first(forms: list[str], width: int) -> str:
    """The fullest form that fits, else the last one cut."""
    fitting = next((form for form in forms if len(form) <= width), None)
    return fitting if fitting is not None else forms[-1][: max(0, width - 1)] + ELLIPSIS
