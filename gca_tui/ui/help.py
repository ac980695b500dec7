"""Help made from the actions, and the glossary made from the reference data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gca_tui.domain.french import typeset
from gca_tui.ui.actions.base import key_name
from gca_tui.ui.actions.registry import ACTIONS

_MOVES = (
    ("Flèches, j k", "monter, descendre"),
    ("Page préc., suiv.", "une page"),
    ("Début, Fin", "premier, dernier"),
    ("← →", "colonne du glossaire et du tri ; onglet dans le dossier"),
    ("Entrée", "ouvrir le dossier ou la vue"),
    ("Échap", "revenir, enlever les marques, quitter la séquence"),
    ("Tab", "passer de la liste au dossier et aux vues"),
    ("F2", "enregistrer un formulaire"),
)


def help_lines(keymap: Mapping[str, str]) -> list[str]:
    """Every key, by group."""
    lines = ["Déplacements", *(f"  {key:<18} {label}" for key, label in _MOVES)]
    for group in dict.fromkeys(action.group for action in ACTIONS):
        lines += ["", group]
        for action in ACTIONS:
            if action.group == group:
                keys = key_name(keymap.get(action.id, action.keys))
                lines.append(f"  {keys:<18} {typeset(action.help)}")
    lines += ["", "Copier à la souris : Maj + glisser, ou lancez gca --sans-souris."]
    return lines


def glossary_lines(terms: Iterable[str]) -> list[str]:
    """What each term means, with its source; a term the glossary lacks is left out."""
    from gca_tui import reference

    lines: list[str] = []
    for term in terms:
        found = reference.explain(term)
        if found:
            checked = "" if found.statut == "vérifié" else " — à valider"
            lines += [
                found.terme.upper(),
                f"  {typeset(found.explication)}",
                f"  Source : {found.source}{checked}",
                "",
            ]
    return lines or ["Rien à expliquer ici."]


def keys_table() -> str:
    """The table of keys for the manual, in Markdown."""
    rows = ["| touche | action | ce qu’elle fait |", "|---|---|---|"]
    rows += [f"| `{key_name(a.keys)}` | `{a.id}` | {typeset(a.help)} |" for a in ACTIONS]
    return "\n".join(rows)
