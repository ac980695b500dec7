"""The sheet read aloud to a family during a call or at the desk: one page, in full sentences, whatever the dossier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gca_tui.domain.closing import must_explain
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import typeset
from gca_tui.presentation.fitting import Block, arranged, clip
from gca_tui.presentation.holding import town
from gca_tui.presentation.lines import HEAD, Line
from gca_tui.presentation.sheet_course import course_blocks, said_blocks
from gca_tui.presentation.sheet_owed import by_urgency, owed_blocks
from gca_tui.presentation.speech import spoken_day

_NAME, _ADDRESS, _TELEPHONE = 60, 100, 30


def sheet(dossier: Dossier, context: Context, *, width: int = 80, height: int = 24, rank: int = 0) -> tuple[Line, ...]:
    """The sheet in at most `height` lines of at most `width` cells; nothing in it is drawn by a colour alone.

    The most urgent notification is told in full, the others in a line each; `rank` begins with a later one, and
    comes round after the last.
    """
    letters = by_urgency(dossier, context)
    blocks = list(_who(dossier, context))
    letter = letters[rank % len(letters)] if letters else None
    if letter:
        blocks += owed_blocks(letter, [one for one in letters if one is not letter], dossier, context)
    due = letter is not None and must_explain(dossier, letter, context)
    blocks += course_blocks(dossier, context) + said_blocks(dossier, letter, must_explain=due)
    blocks.append(_where(dossier, context))
    blocks.sort(key=lambda block: block.group)
    return arranged([_typeset(block) for block in blocks], width, height)


def _who(dossier: Dossier, context: Context) -> Iterator[Block]:
    known = dossier.contact_details
    name = clip(known.label, _NAME) or "Nom non connu"
    yield Block(
        0, 0, ((f"{name}, dossier numéro {clip(dossier.matricule, 20)} de la {_caisse(dossier, context)}.",),), HEAD
    )
    born = f"né(e) le {spoken_day(known.date_naissance)}" if known.date_naissance else ""
    home = clip(f"{known.adresse}, {town(known.code_postal, known.commune)}".strip(" ,"), _ADDRESS)
    if born or home:
        yield Block(0, 9, ((f"Pour vérifier : {', '.join(filter(None, (born, home)))}.",), ()))


def _where(dossier: Dossier, context: Context) -> Block:
    own = context.settings.of(dossier.caisse)
    home, number = clip(own.adresse, _ADDRESS), clip(own.telephone, _TELEPHONE)
    caisse = _caisse(dossier, context)
    write = f"Pour écrire : {caisse}, {home}." if home else f"L’adresse de la {caisse} n’est pas renseignée ici."
    call = f"Téléphone : {number}." if number else "Son téléphone n’est pas renseigné."
    return Block(9, 2, ((f"{write} {call}",),))


def _caisse(dossier: Dossier, context: Context) -> str:
    return context.lexicon.caisses.get(dossier.caisse) or f"Caf {clip(dossier.caisse, 10)}"


def _typeset(block: Block) -> Block:
    return replace(block, forms=tuple(tuple(map(typeset, form)) for form in block.forms))


def letter_count(dossier: Dossier) -> int:
    """How many notifications `rank` goes through."""
    return sum(bool(letter.trop_percus) for letter in dossier.notifications)


def sheet_text(lines: tuple[Line, ...]) -> str:
    """The sheet as one text, to copy."""
    return "\n".join(line.text for line in lines)
