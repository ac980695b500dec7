"""What the sheet says of a notification: how much, for what, why, until when it may be discussed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import TRANSMIS, Dossier
from gca_tui.domain.explanation.subject import Part, Subject, subject
from gca_tui.domain.french import capital, count, euros
from gca_tui.domain.recours import calendrier
from gca_tui.domain.trop_percu import Notification
from gca_tui.presentation.fitting import Block, Form, clip
from gca_tui.presentation.lines import HEAD
from gca_tui.presentation.sheet_delays import ELSEWHERE, deadlines
from gca_tui.presentation.speech import benefit, left, spoken_day, spoken_month, spoken_period

_ERROR = "La Caf a fait une erreur : vous n’en êtes pas responsable."
_UNKNOWN_CAUSE = "La cause est encore à préciser."
_SHORT, _LONG = 150, 400
"""Cells of what somebody typed."""


def by_urgency(dossier: Dossier, context: Context) -> list[Notification]:
    """The notifications that hold a trop-perçu: the nearest delay first, those whose delays have passed last."""
    letters = [letter for letter in dossier.notifications if letter.trop_percus]
    return sorted(letters, key=lambda letter: _urgency(letter, dossier, context))


def _urgency(letter: Notification, dossier: Dossier, context: Context) -> tuple[int, int, str]:
    days = [delai.le for delai in calendrier(dossier, letter, context) if delai.le and not delai.suspendu]
    coming = [day for day in days if day >= context.today]
    if coming:
        return (0, min(coming).toordinal(), letter.id)
    if letter.reception is None and letter.extrait.notifiee_le:
        return (1, letter.extrait.notifiee_le.toordinal(), letter.id)
    return (3 if days else 2, -max(days, default=date.min).toordinal(), letter.id)


def owed_blocks(
    letter: Notification, others: Sequence[Notification], dossier: Dossier, context: Context
) -> list[Block]:
    """The blocks on one notification, and a line on each of the others."""
    about = subject(dossier, letter, context)
    blocks = [
        Block(1, 0, tuple(_amounts(about)), HEAD),
        Block(1, 3, _sent(letter)),
        Block(2, 1, _told_by_another_service() if dossier.etat == TRANSMIS else tuple(_causes(about))),
        Block(3, 2, tuple(deadlines(about))),
    ]
    if others:
        blocks.append(Block(3, 4, tuple(_others(others, dossier, context))))
    if dossier.etat != TRANSMIS and letter.explication.raison.strip():
        blocks.append(Block(5, 21, ((f"Explication écrite : {clip(letter.explication.raison, 2_000)}",),), extra=True))
    blocks.append(Block(6, 20, (tuple(_months(about)),), extra=True))
    return blocks


def _amounts(about: Subject) -> Iterator[Form]:
    parts = sorted(about.parts, key=lambda part: -part.montant)
    total = about.total
    if total <= 0:
        yield ("Le montant de ce trop-perçu reste à établir.",)
        return
    if len(parts) == 1:
        sentence = f"Vous devez rembourser {euros(total)} : {_named(parts[0])}."
        if figures := _figures(parts[0]):
            yield (f"{sentence} {figures}",)
        yield (sentence,)
        return
    whole = f"Vous devez rembourser {euros(total)} en tout."
    yield (whole, *(f"{euros(part.montant)} : {_named(part)}. {_figures(part)}".rstrip() for part in parts))
    yield (whole, *(f"{euros(part.montant)} : {_named(part)}." for part in parts))
    for shown in range(len(parts), 0, -1):
        rest = len(parts) - shown
        said = [f"{euros(part.montant)} pour {_named(part)}" for part in parts[:shown]]
        tail = f" ; et {count(rest, 'autre prestation', 'autres prestations')} {ELSEWHERE}" if rest else ""
        yield (f"{whole} {' ; '.join(said)}{tail}.",)


def _named(part: Part) -> str:
    return ", ".join(filter(None, (benefit(part), spoken_period([mois.id for mois in part.mois]))))


def _figures(part: Part) -> str:
    if part.verse is None or part.du is None:
        return ""
    return f"Vous avez reçu {euros(part.verse)}. Vous aviez droit à {euros(part.du)}."


def _months(about: Subject) -> Iterator[str]:
    for part in about.parts:
        yield f"Mois par mois, pour {benefit(part)} :"
        for mois in part.mois:
            paid = euros(mois.verse) if mois.verse is not None else "montant à préciser"
            due = euros(mois.du) if mois.du is not None else "montant à préciser"
            yield f"- {spoken_month(mois.id)} : reçu {paid}, droit {due}, différence {euros(mois.montant)}."


def _sent(letter: Notification) -> tuple[Form, ...]:
    sent = letter.extrait.notifiee_le
    if sent is None:
        return (("Le courrier n’est pas encore parti.",),)
    if letter.reception is None:
        received = "La date à laquelle vous l’avez reçu n’est pas notée."
        return ((f"Le courrier est parti le {spoken_day(sent)}. {received}",),)
    return ((f"Le courrier est parti le {spoken_day(sent)}. Vous l’avez reçu le {spoken_day(letter.reception)}.",),)


def _told_by_another_service() -> tuple[Form, ...]:
    return (("Votre dossier est suivi par un autre service de la Caf. Nous ne pouvons pas en dire la cause ici.",),)


def _causes(about: Subject) -> Iterator[Form]:
    """Each cause once, from full to short; that the Caf is at fault is never left out."""
    parts = sorted(about.parts, key=lambda part: -part.montant)
    error = _ERROR if any(part.cote == "caf" for part in parts) else ""
    full = list(dict.fromkeys(_cause(part, _LONG) for part in parts))
    plain = list(dict.fromkeys(_event(part, _LONG) for part in parts))
    short = list(dict.fromkeys(_event(part, _SHORT) for part in parts))
    yield (*full, error) if len(full) > 1 else (f"{full[0]} {error}".rstrip(),)
    yield (f"{' '.join(plain)} {error}".rstrip(),)
    for shown in range(len(short), 0, -1):
        rest = f" Il y a d’autres causes {ELSEWHERE}." if shown < len(short) else ""
        yield (f"{' '.join(short[:shown])}{rest} {error}".rstrip(),)


def _cause(part: Part, width: int) -> str:
    faits = part.faits
    said = [_event(part, width)]
    if faits.regle.strip():
        said.append(f"{clip(faits.regle, width).rstrip('.')}.")
    if faits.connu_le:
        by = f", par {clip(faits.connu_par, _SHORT).rstrip('.')}" if faits.connu_par.strip() else ""
        said.append(f"Nous l’avons su le {spoken_day(faits.connu_le)}{by}.")
    if faits.tiers and faits.tiers_nom.strip():
        said.append(f"Cette information vient de {clip(faits.tiers_nom, _SHORT).rstrip('.')}.")
    return " ".join(said)


def _event(part: Part, width: int) -> str:
    faits = part.faits
    happened = clip(faits.evenement, width).rstrip(".")
    if happened and faits.evenement_le:
        return f"Le {spoken_day(faits.evenement_le)}, {happened}."
    if happened:
        return f"{capital(happened)} (date à préciser)."
    return f"{_UNKNOWN_CAUSE} Motif noté : « {clip(part.motif, 60)} »." if part.motif else _UNKNOWN_CAUSE


def _others(others: Sequence[Notification], dossier: Dossier, context: Context) -> Iterator[Form]:
    for shown in range(len(others), 0, -1):
        lines = tuple(_other(letter, dossier, context) for letter in others[:shown])
        yield (*lines, _rest(others[shown:])) if shown < len(others) else lines
    yield (_rest(others),)


def _other(letter: Notification, dossier: Dossier, context: Context) -> str:
    sent = letter.extrait.notifiee_le
    named = f"Autre courrier, du {spoken_day(sent)}" if sent else "Autre courrier, à venir"
    days = [delai for delai in calendrier(dossier, letter, context) if delai.le and not delai.suspendu]
    coming = [delai for delai in days if delai.le and delai.le >= context.today]
    tail = f" ; {left(coming[0], context.today)}" if coming else ""
    return f"{named} : {euros(letter.montant)} à rembourser{tail}."


def _rest(letters: Sequence[Notification]) -> str:
    total = sum(letter.montant for letter in letters)
    named = count(len(letters), "autre courrier", "autres courriers")
    return f"Et {named}, {euros(total)} à rembourser {ELSEWHERE}."
