"""What the keys of the workshop do, in the order of its menu: footer, menu and help are made of it."""

from __future__ import annotations

from typing import NamedTuple

from gca_tui.domain.french import typeset
from gca_tui.ui.actions.base import key_name


class Deed(NamedTuple):
    """Something an agent can do here. `key` works everywhere, `letter` in the menu; `footer` is its short name."""

    id: str
    key: str
    letter: str
    label: str
    footer: str = ""


DEEDS = (
    Deed("save", "f2", "e", "Enregistrer l’explication, même incomplète", "enregistrer"),
    Deed("facts", "f3", "f", "Voir les faits, les établir", "faits"),
    Deed("months", "f4", "m", "Corriger les mois et leurs montants", "mois"),
    Deed("propose", "f5", "t", "Refaire le texte d’après les faits", "texte proposé"),
    Deed("preview", "f6", "a", "Lire la lettre comme la famille la lira", "aperçu"),
    Deed("problem", "f7", "p", "Aller au problème suivant", "problème"),
    Deed("blocks", "f8", "b", "Insérer un texte prêt (; en début de ligne)", "blocs"),
    Deed("complete", "f9", "c", "Aller au prochain « à compléter »", "à compléter"),
    Deed("menu", "f10", "", "Tout ce que l’on peut faire ici", "menu"),
    Deed("mend", "f12", "r", "Appliquer la correction proposée sous le curseur"),
    Deed("findings", "", "l", "Lire tous les contrôles et ce qu’ils disent"),
    Deed("override", "", "o", "Passer outre à un contrôle, en disant pourquoi"),
    Deed("spelling", "", "i", "Mots que le dictionnaire ne connaît pas"),
    Deed("redact", "", "n", "Masquer ce qui ne doit pas figurer dans le texte"),
    Deed("versions", "", "v", "Comparer deux versions, en reprendre une"),
    Deed("copy", "", "y", "Envoyer le texte au presse-papiers du terminal"),
    Deed("export", "", "x", "Écrire la lettre dans un fichier, texte ou PDF"),
    Deed("help", "f1", "h", "Cette aide", "aide"),
    Deed("leave", "escape", "q", "Fermer en gardant le brouillon", "fermer"),
)
BY_ID = {deed.id: deed for deed in DEEDS}
_FIRST = ("save", "menu", "leave", "facts", "problem", "complete", "preview", "propose", "blocks", "months", "help")


def footer_keys() -> list[tuple[str, str]]:
    """The keys of the last line, those that must be seen first."""
    return [(key_name(BY_ID[name].key), BY_ID[name].footer) for name in _FIRST]


def help_lines() -> list[str]:
    """Every key and what it does."""
    lines = [
        "Tab et Maj+Tab passent d’une section à l’autre. Ce que vous tapez est gardé à chaque pause.",
        "Les contrôles suivent ce que vous tapez : ✓ tenu, ✗ bloquant, ! conseil, → passé outre.",
        "Un texte incomplet s’enregistre ; il empêche seulement de clôturer.",
        "",
    ]
    for deed in DEEDS:
        key = key_name(deed.key) if deed.key else f"F10 {deed.letter}"
        lines.append(f"{key:<6}  {deed.label}")
    return [typeset(line) for line in lines]
