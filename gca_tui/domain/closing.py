"""What must be done before a dossier can be closed: one small rule after another, alike on client and server."""

from __future__ import annotations

from datetime import date

from gca_tui.domain.command import Context, Missing, Rule
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.checking import check_notification, standing_in_the_way
from gca_tui.domain.french import count, euros, short_date
from gca_tui.domain.traces import DEMARCHES, Contact, Question
from gca_tui.domain.trop_percu import Notification

SETTLED = ("joint", "refus", "impossible")
"""Outcomes after which nobody calls again for the same reason: a family that refused the talk is left in peace."""


def open_pieces(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Every pièce is treated or was returned to the allocataire."""
    return tuple(
        Missing(
            f"pièce {piece.id} à traiter"
            + (f" (absente de l’extrait du {short_date(piece.absente_le)})" if piece.absente_le else ""),
            "treat_piece",
        )
        for piece in dossier.open_pieces
    )


def open_answers(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Réclamations and demandes de rectification are answered; the other démarches outlive the dossier's treatment."""
    return tuple(
        Missing(f"{DEMARCHES[demarche.nature]} sans réponse", "close_demarche") for demarche in dossier.owed_answers
    )


def explanations(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Every notification at or above the threshold has an explanation that passes the checks (Caf de l’Ardèche)."""
    return tuple(
        missing for notification in dossier.notifications for missing in unexplained(dossier, notification, context)
    )


def unexplained(dossier: Dossier, notification: Notification, context: Context) -> tuple[Missing, ...]:
    """What one notification lacks; nothing under the threshold."""
    if not must_explain(dossier, notification, context):
        return ()
    if notification.explication.is_empty:
        said = f"explication à écrire : trop-perçu de {euros(notification.montant)}{_sent(notification)}"
        return (Missing(said, "explanation"),)
    failing = standing_in_the_way(check_notification(dossier, notification, context), notification.passages)
    return tuple(
        Missing(f"explication, contrôle {result.controle} ({result.nom}) : {result.findings[0].dire}", "explanation")
        for result in failing
    )


def contacts(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """The family was called, or the reason why not is written; a caisse decides whether its lack blocks."""
    settings = context.settings.of(dossier.caisse)
    lacking = []
    for notification in dossier.notifications:
        if not must_explain(dossier, notification, context):
            continue
        tried = attempts(dossier, notification)
        if any(contact.resultat in SETTLED for contact in tried) or len(tried) >= (settings.contact_attempts or 0):
            continue
        wanted = count(settings.contact_attempts or 0, "essai attendu", "essais attendus")
        said = f"contact avec la famille : {wanted}, {count(len(tried), 'noté')}{_sent(notification)}, ou la raison"
        lacking.append(Missing(f"{said} pour laquelle c’est impossible", "contact", bool(settings.contact_blocks)))
    return tuple(lacking)


def questions(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """A question to a référent without its answer is said, and does not forbid closing."""
    return tuple(
        Missing(f"question au référent sans réponse{_asked(question)}", "ask_referent", blocks=False)
        for question in dossier.questions
        if question.reponse is None
    )


def rendez_vous(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """A rendez-vous of today or to come, whose outcome nobody noted, is said."""
    return tuple(
        Missing(f"rendez-vous {_when(one.le, context.today)}, sans résultat noté", "rendez_vous", blocks=False)
        for one in dossier.rendez_vous
        if one.le and one.le >= context.today and not one.resultat
    )


def planned_calls(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """A call that was planned and not made is said."""
    return tuple(
        Missing(f"appel prévu {_when(appel.le, context.today)}, pas encore fait", "contact", blocks=False)
        for appel in dossier.open_calls
    )


def _asked(question: Question) -> str:
    return f", posée par {question.author.label}" if question.author.label else ""


def _when(day: date, today: date) -> str:
    return "aujourd’hui" if day == today else f"le {short_date(day)}"


def attempts(dossier: Dossier, notification: Notification) -> tuple[Contact, ...]:
    """Contacts since the letter left."""
    sent = notification.extrait.notifiee_le or date.min
    return tuple(contact for contact in dossier.contacts if contact.le and contact.le >= sent)


def must_explain(dossier: Dossier, notification: Notification, context: Context) -> bool:
    """Whether a letter claims something, and reaches the threshold of its caisse."""
    return bool(notification.trop_percus) and notification.montant >= context.settings.threshold_of(dossier.caisse)


def _sent(notification: Notification) -> str:
    sent = notification.extrait.notifiee_le
    return f", notification du {short_date(sent)}" if sent else ", à notifier"


RULES: tuple[Rule, ...] = (open_pieces, open_answers, explanations, contacts, questions, rendez_vous, planned_calls)


def missing_to_close(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Everything that stands in the way of closing, in the order to mend it."""
    return tuple(missing for rule in RULES for missing in rule(dossier, context))
