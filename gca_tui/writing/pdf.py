"""An explanation as a PDF a screen reader can follow: tagged (PDF/UA-1), in French, the same bytes for the same letter.

What is written reaches the typesetter as data, never as markup. Fonts are the typesetter's own; it reads no other file
and asks nothing of the network.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.trop_percu import Explication
from gca_tui.errors import InputError
from gca_tui.writing.files import write_whole
from gca_tui.writing.letter import Letter, compose

if TYPE_CHECKING:
    import typst

MODELE = Path(__file__).parent / "modeles" / "lettre.typ"
_STANDARD: Final = "ua-1"
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


def write_pdf(explication: Explication, about: Subject, path: Path, *, on: date, replace: bool = False) -> None:
    """Write the letter of that day. It takes the typesetter some tenths of a second the first time: use a thread.

    Raises InputError when the file cannot be written, is there already and is not to be replaced, or when the letter
    holds a character that the fonts lack.
    """
    write_whole(path, pdf(compose(explication, about, on=on), about.caisse_nom, on=on), replace=replace)


def pdf(whole: Letter, author: str, *, on: date) -> bytes:
    """The bytes of the PDF. Raises InputError on a character that the fonts lack, or without the typesetter."""
    try:
        import typst  # 80 MB: only whoever asks for a PDF waits for it
    except ImportError as error:
        raise InputError(
            "Le PDF ne peut pas être composé : typst n’est pas installé.",
            "Le PDF n’est pas fait.",
            "Exportez la lettre en texte et prévenez l’administrateur.",
        ) from error

    try:
        return typst.compile(
            str(MODELE),
            root=str(MODELE.parent),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARD,
            sys_inputs={"lettre": json.dumps(_data(whole, author), ensure_ascii=False)},
            timestamp=datetime.combine(on, time(), UTC),
        )
    except typst.TypstError as error:
        raise _refusal(error) from error


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False)


def _data(whole: Letter, author: str) -> object:
    told = {
        "titre": f"Explication de votre trop-perçu, {whole.family[-1].lower()}",
        "auteur": author,
        "entete": whole.header,
        "famille": whole.family,
        "date": whole.dated,
        "objet": whole.objet,
        "sections": [
            {
                "titre": section.title,
                "blocs": [{"liste": block.is_list, "lignes": block.lines} for block in section.blocks],
            }
            for section in whole.sections
        ],
    }
    return _printable(told)


def _printable(value: object) -> object:
    """The data without the characters that print nothing: controls, direction overrides, halves of characters."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        return "".join(one for one in text if unicodedata.category(one) not in _UNSEEN)
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value


def _refusal(error: typst.TypstError) -> InputError:
    kept = "Le PDF n’est pas fait."
    if found := _NO_GLYPH.search(str(error)):
        todo = "Remplacez-le dans le texte, ou exportez la lettre en texte."
        return InputError(f"« {found[1]} » n’existe pas dans les polices du PDF.", kept, todo)
    return InputError(
        "Le modèle de la lettre ne se compose pas.", kept, "Exportez la lettre en texte et prévenez l’administrateur."
    )
