"""Questions to a référent technique or a pôle d'experts; the asker keeps the dossier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import Question, Reponse

POLES = {
    "referent": "référent technique",
    "precarite": "pôle précarité",
    "handicap": "pôle handicap",
    "logement": "pôle logement",
    "famille": "pôle famille",
}


class AskReferent(Command):
    """Ask a question about the dossier."""

    kind: Literal["ask_referent"] = "ask_referent"
    texte: str
    pole: str = "referent"

    def writes(self) -> tuple[str, ...]:
        """The question."""
        return (path("questions", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The question says something, to a known pôle."""
        refuse_unless(self.texte.strip(), "question_vide", "Écrivez la question.")
        refuse_unless(self.pole in POLES, "pole_inconnu", f"Le pôle « {self.pole} » n’existe pas.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The question."""
        question = Question(id=self.id, texte=self.texte, pole=self.pole, author=self.author, at=self.at)
        return {self.writes()[0]: question}


class AnswerReferent(Command):
    """Answer a question."""

    kind: Literal["answer_referent"] = "answer_referent"
    question: str
    texte: str

    def writes(self) -> tuple[str, ...]:
        """The answer."""
        return (path("questions", self.question, "reponse"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The question exists and has no answer yet."""
        found = read(dossier, path("questions", self.question))
        refuse_unless(found, "question_inconnue", "Cette question n’est pas dans le dossier.")
        refuse_unless(found.reponse is None, "deja_fait", "Cette question a déjà sa réponse.")
        refuse_unless(self.texte.strip(), "reponse_vide", "Écrivez la réponse.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The answer."""
        return {self.writes()[0]: Reponse(texte=self.texte, author=self.author, at=self.at)}
