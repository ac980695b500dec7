"""Everything that is said of a text, in the thread that finds it."""

from __future__ import annotations

from collections.abc import Iterator

from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.readability import measure
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import count, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.sensitive import sensitive
from gca_tui.ui.workshop.report import Report


def judge(texte: Texte, about: Subject, lexicon: Lexicon) -> Report:
    """The checks, what must not be written, how the text reads."""
    return Report(check_all(texte, about, lexicon), tuple(_private(texte, lexicon)), reading(texte.whole))


def _private(texte: Texte, lexicon: Lexicon) -> Iterator[Finding]:
    for one in sensitive(texte.whole, lexicon):
        said = typeset(f"« {one.mot} » : {one.label.lower()} ? À retirer (F10 n).")
        yield Finding(one.start, one.end, said, one.redaction)


def reading(text: str) -> str:
    """How a text reads, in one line."""
    found = measure(text)
    if not found.words:
        return ""
    mean = f"{found.mean:.0f}"
    score = f" · Kandel-Moles {found.score:.0f}" if found.score is not None else ""
    return typeset(f"{count(found.words, 'mot')}, {mean} par phrase, {found.longest} au plus{score}")
