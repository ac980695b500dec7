"""What the line commands about explanations share: the dossier, its rules, and which of its notifications is meant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gca_tui import clock, reference
from gca_tui.cli.output import key_of, missing, reading
from gca_tui.domain.closing import must_explain
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.french import count, euros, short_date
from gca_tui.domain.trop_percu import Notification
from gca_tui.domain.values import Author
from gca_tui.errors import InputError
from gca_tui.store.rules import read_settings


@dataclass(frozen=True)
class Case:
    """A dossier, what the rules know, and who works here, if anybody said so."""

    dossier: Dossier
    context: Context
    author: Author | None

    @property
    def letters(self) -> tuple[Notification, ...]:
        """The notifications that hold a trop-perçu."""
        return tuple(one for one in self.dossier.notifications if one.trop_percus)

    def must_explain(self, notification: Notification) -> bool:
        """Whether its total reaches the threshold of the caisse."""
        return must_explain(self.dossier, notification, self.context)

    def about(self, notification: Notification) -> Subject:
        """What an explanation of it is about."""
        return subject(self.dossier, notification, self.context, self.author)

    def label(self, notification: Notification) -> str:
        """`N1 (notifiée le 04/05/2026, 2 340,50 €)`."""
        sent = notification.extrait.notifiee_le
        told = f"notifiée le {short_date(sent)}" if sent else "à notifier"
        return f"{notification.id} ({told}, {euros(notification.montant)})"

    def named(self, name: str) -> Notification:
        """The notification of that id. Raises InputError."""
        found = [one for one in self.letters if one.id == name]
        if not found:
            raise InputError(f"« {name} » n’est pas une notification de ce dossier.", todo=self._listed())
        return found[0]

    def to_explain(self) -> tuple[Notification, ...]:
        """All that must be explained. Raises InputError when there is none."""
        found = tuple(one for one in self.letters if self.must_explain(one))
        if not found:
            threshold = euros(self.context.settings.threshold_of(self.dossier.caisse))
            raise InputError(f"Aucune notification de ce dossier n’atteint {threshold}.", todo=self._listed())
        return found

    def only(self, found: tuple[Notification, ...], why: str) -> Notification:
        """The one there is. Raises InputError when there are several."""
        if len(found) != 1:
            raise InputError(f"Ce dossier a {count(len(found), 'notification')} : {why}.", todo=self._listed())
        return found[0]

    def _listed(self) -> str:
        if not self.letters:
            return "Il n’a pas de trop-perçu."
        return f"Choisissez avec --notification : {' ; '.join(map(self.label, self.letters))}."


def case_of(folder: Path | None, caisse: str, matricule: str) -> Case:
    """The dossier and what is needed to explain it. Raises InputError, UnknownDossier."""
    key = key_of(caisse, matricule)
    with reading(folder) as window:
        document = window.document(*key)
        if document is None:
            raise missing(key)
        written = window.meta("author")
        context = Context(clock.today(), window.calendars(), read_settings(window), reference.lexicon())
    author = Author.model_validate_json(written) if written else None
    return Case(Dossier.from_json(document), context, author)
