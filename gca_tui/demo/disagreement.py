"""What the agent and the colleague of the demonstration both changed yesterday: one without network, one on the server.

Their words are put together by the screen's proposal, so that a first conflict is settled in a few keys.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gca_tui import clock
from gca_tui.domain.commands import EditExplanation
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.wire import Key

KEY = Key("681", "0532086")
"""A dossier of the showcase whose explanation is written."""
Change = tuple[str, str]
"""Words of its first section, and what one of the two makes of them."""
BY_AGENT: Change = ("l’ancien loyer", "l’ancien loyer, plus élevé")
BY_COLLEAGUE: Change = ("partagez maintenant votre logement", "partagez maintenant votre logement avec un colocataire")
"""In another sentence, so that both may stay."""


def words(dossier: Dossier, author: Author, at: datetime, change: Change) -> EditExplanation:
    """Why the family owes this, as one of them corrects it."""
    (letter,) = dossier.notifications
    raison = letter.explication.raison.replace(*change)
    return EditExplanation(id=new_id(), **KEY._asdict(), author=author, at=at, notification=letter.id, raison=raison)


def yesterday(now: datetime, hour: int) -> datetime:
    """That hour in Paris, of the last weekday before."""
    day = clock.local(now) - timedelta(days=1)
    return (day - timedelta(days=max(0, day.weekday() - 4))).replace(hour=hour, minute=40, second=0, microsecond=0)
