"""The twelve checks together, and which of them still block a notification."""

from __future__ import annotations

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.results import Result
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.trop_percu import Notification, Passage


def check_all(texte: Texte, about: Subject, lexicon: Lexicon) -> tuple[Result, ...]:
    """What each of the twelve checks says of a text, in their order."""
    return ()


def check_notification(dossier: Dossier, notification: Notification, context: Context) -> tuple[Result, ...]:
    """What the checks say of the explanation as it is saved."""
    about = subject(dossier, notification, context)
    return check_all(Texte.of(notification.explication), about, context.lexicon)


def standing_in_the_way(results: tuple[Result, ...], passages: tuple[Passage, ...]) -> tuple[Result, ...]:
    """The blocking checks that fail and that nobody passed over, knowing all they say now."""
    return tuple(result for result in results if result.bloquant and not result.ok and not is_passed(result, passages))


def is_passed(result: Result, passages: tuple[Passage, ...]) -> bool:
    """Whether somebody passed over all that this check says."""
    said = {finding.dire for finding in result.findings}
    covered = {one for passage in passages if passage.controle == result.controle for one in passage.couvre}
    return said <= covered
