"""The calendar of a notification: until when the family may do what, family of recourse by family of recourse.

The rules are those of CSS R.133-9-2 (prestations familiales, AAH), CSS R.847-1-1 (prime d'activité) and CASF
R.262-92-1 (RSA); housing aids follow the first, « à valider ». Delays run from the reception, months go from quantième
to quantième and no delay is extended for a holiday (« à valider »). A démarche that does not name its letter is taken
to be about this one when it was received since it left, « à valider » when another letter could be meant; a recours or
a remise is so too when the letter mixes families of recourse. A delay that runs from an answer is counted from its day,
« à valider »: it runs from the day the family receives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gca_tui.domain.command import Context
from gca_tui.domain.delai import (
    ACCUSE_REMISE,
    DOCUMENTS,
    ECHEANCIER,
    JUGE,
    OBJETS,
    RECOURS,
    REPONSE_RECOURS,
    REPONSE_RECTIFICATION,
    REPONSE_REMISE,
    RETENUES,
    Delai,
    dated,
    in_words,
    juge,
    merged,
    months_of_recourse,
    recours,
    rectification,
    relative_delays,
    retenues,
    to_validate,
)
from gca_tui.domain.delays import add_months
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.interruption import (
    MEDIATION,
    Letter,
    Rectification,
    frozen,
    late_rectifications,
    plus,
    received_on,
    rectification_in_time,
    suspended,
)
from gca_tui.domain.lexicon import Famille
from gca_tui.domain.traces import RECLAMATION, SUSPENDING, Demarche
from gca_tui.domain.trop_percu import Notification

__all__ = ["JUGE", "OBJETS", "RECOURS", "RETENUES", "Delai", "calendrier"]

REJECTION_DAYS = 7
"""No retenue before, after the explicit rejection of a rectification (CSS R.133-9-2 III)."""
REJECTION_MONTHS = 2
"""The same, after an implicit one (CSS R.133-9-2 II, R.847-1-1 II, CASF R.262-92-1 II)."""
DOCUMENTS_DAYS = 20
"""To produce the documents of an oral request made late (CSS R.133-9-2 IV, R.847-1-1 IV)."""
REMISE_DAYS, REMISE_MONTHS = 15, 2
"""Housing aids: receipt of a request for a remise, then the answer (CCH R.825-3)."""
ECHEANCIER_MONTHS = 1
"""To conclude an échéancier whose principle is accepted (CSS R.133-9-2 I)."""

_UNREAD_EFFECT = "effet sur le délai de recours"
_DURING = {RECOURS: "le recours", "remise": "la demande de remise de dette", RECLAMATION: "la réclamation"}


def calendrier(dossier: Dossier, notification: Notification, context: Context) -> tuple[Delai, ...]:
    """Every delay of the notification, the nearest first; those that have no date come last."""
    familles = _familles(notification, context)
    received, since = notification.reception, _since(dossier, notification)
    if received is None:
        found = [delai for famille in familles for delai in _relative(famille, since)]
    else:
        others = any(one is not notification and one.trop_percus for one in dossier.notifications)
        mediations = tuple(one for one in _about(dossier, notification) if one.nature == MEDIATION)
        doubtful = others and any(not one.notification for one in (*since, *mediations))
        letter = Letter(received, context.today, since, mediations, doubtful, len(familles) > 1)
        found = [delai for famille in familles for delai in _received(famille, letter)]
    order = list(OBJETS)
    return tuple(sorted(merged(found), key=lambda one: (one.le is None, one.le or date.max, order.index(one.objet))))


def _familles(notification: Notification, context: Context) -> list[Famille]:
    words = context.lexicon
    codes = [
        words.prestations[one.prestation].famille
        for one in notification.trop_percus
        if one.prestation in words.prestations
    ]
    return [words.familles[code] for code in dict.fromkeys(codes) if code in words.familles]


def _about(dossier: Dossier, notification: Notification) -> list[Demarche]:
    """The démarches that name this letter, or none."""
    return [one for one in dossier.demarches if one.notification in ("", notification.id)]


def _since(dossier: Dossier, notification: Notification) -> tuple[Demarche, ...]:
    """Those made since the letter left, oldest first: a family may answer one it read before it was handed."""
    left = notification.extrait.notifiee_le or notification.reception
    since = (
        one
        for one in _about(dossier, notification)
        if one.recue_le and (one.notification or (left and one.recue_le >= left))
    )
    return tuple(sorted(since, key=received_on))


def _relative(famille: Famille, since: tuple[Demarche, ...]) -> Iterator[Delai]:
    """The delays in words, with what a démarche under way makes of them."""
    open_ones = {one.nature for one in since if one.is_open}
    for delai in relative_delays(famille):
        if delai.objet == RECOURS and MEDIATION in open_ones:
            yield frozen(delai)
        elif delai.objet == RETENUES and famille.suspensif and open_ones & set(SUSPENDING):
            yield _not_withheld(delai, famille, open_ones)
        else:
            yield delai


def _received(famille: Famille, letter: Letter) -> Iterator[Delai]:
    asked = rectification_in_time(famille, letter)
    first = _dated_recours(famille, letter, asked)
    late = late_rectifications(famille, letter, first)
    lodged = [*letter.of(RECOURS), *(one for one in late if one.voie != "orale")]
    running = suspended(first, asked.until if asked else letter.received, letter.mediations)
    if base := rectification(famille):
        yield dated(base, plus(letter.received, famille.rectification_jours or 0))
    if asked and asked.pending:
        yield _answer_owed(famille, letter, asked)
    yield from _documents(famille, late)
    yield running
    yield from _after_recours(famille, letter, lodged, running)
    yield from _remise(famille, letter)
    yield from _echeancier(famille, letter)
    yield _dated_retenues(famille, letter, asked, running, lodged)


def _dated_recours(famille: Famille, letter: Letter, asked: Rectification | None) -> Delai:
    """The recours runs from the reception; a rectification asked in time makes it run anew."""
    words, months = recours(famille), months_of_recourse(famille)
    if asked is None:
        return dated(words, add_months(letter.received, months))
    said = f"dans les {in_words(months)} qui suivent notre réponse à votre demande"
    renewed = dated(words, add_months(asked.until, months))
    return replace(
        renewed,
        relatif=said if asked.pending else words.relatif,
        dire=said if asked.pending else renewed.dire,
        a_valider=words.a_valider or _is_unread(famille) or letter.doubtful or asked.supposed,
        source=f"{words.source} ; {famille.notification}",
    )


def _answer_owed(famille: Famille, letter: Letter, asked: Rectification) -> Delai:
    words = "sans réponse ce jour-là, la demande de rectification est rejetée"
    unread = to_validate(famille, "rectification_silence_mois") or letter.doubtful or asked.early
    return Delai(
        REPONSE_RECTIFICATION, (famille.code,), words, asked.implicit, a_valider=unread, source=famille.notification
    )


def _documents(famille: Famille, late: list[Demarche]) -> Iterator[Delai]:
    """An oral request made late: the documents that make it a recours. The invitation is taken to be of the day."""
    for one in late:
        if one.voie == "orale" and one.is_open:
            words = f"dans les {DOCUMENTS_DAYS} jours qui suivent l’invitation à les produire"
            last = plus(received_on(one), DOCUMENTS_DAYS)
            yield Delai(DOCUMENTS, (famille.code,), words, last, a_valider=True, source=famille.notification)


def _after_recours(famille: Famille, letter: Letter, lodged: list[Demarche], running: Delai) -> Iterator[Delai]:
    """The answer to the recours lodged first, then the judge."""
    after, prealable = juge(famille), famille.recours_prealable
    if after is None or prealable is None:
        return
    if not lodged:
        yield after
        return
    first = min(lodged, key=received_on)
    silence = add_months(received_on(first), prealable.silence_vaut_rejet_mois)
    unsure = letter.unsure or _is_doubtful(famille, first, running)
    if first.is_open:
        words = "sans réponse ce jour-là, le recours est rejeté"
        unread = unsure or to_validate(famille, "silence_vaut_rejet_mois")
        yield Delai(REPONSE_RECOURS, (famille.code,), words, silence, a_valider=unread, source=prealable.base_silence)
    answered = min(first.close_le or silence, silence)
    judged = dated(after, add_months(answered, famille.juge.delai_mois))
    supposed = judged.a_valider or unsure or not first.is_open
    yield suspended(replace(judged, a_valider=supposed), answered, letter.mediations)


def _is_doubtful(famille: Famille, lodged: Demarche, running: Delai) -> bool:
    """A recours that came too late, or a late rectification where no text read makes it one."""
    too_late = running.le is not None and received_on(lodged) > running.le
    return too_late or (lodged.nature != RECOURS and _is_unread(famille))


def late_rectification_counts(famille: Famille) -> bool:
    """Whether a request made after the twenty days is a recours, by a text read (CSS R.133-9-2 IV, R.847-1-1 IV)."""
    return famille.rectification_jours is not None and famille.recours_prealable is not None and not _is_unread(famille)


def _is_unread(famille: Famille) -> bool:
    """Whether what a rectification does to the recours was not read for a family."""
    return any(to_validate(famille, field) for field in (_UNREAD_EFFECT, "rectification_jours"))


def _remise(famille: Famille, letter: Letter) -> Iterator[Delai]:
    """Housing aids alone have delays for a remise that were read (CCH R.825-3)."""
    for one in letter.of("remise") if famille.code == "AL" else ():
        if not one.is_open:
            continue
        owed = Delai(REPONSE_REMISE, (famille.code,), "", a_valider=letter.unsure, source="CCH R.825-3")
        if one.accuse_le is None:
            words = f"dans les {REMISE_DAYS} jours qui suivent la demande de remise"
            yield replace(owed, objet=ACCUSE_REMISE, relatif=words, le=plus(received_on(one), REMISE_DAYS))
        words = "sans réponse ce jour-là, la demande de remise est rejetée"
        yield replace(owed, relatif=words, le=add_months(received_on(one), REMISE_MONTHS))


def _echeanciers(famille: Famille, letter: Letter) -> list[Demarche]:
    """Those whose principle was accepted within the twenty days (CSS R.133-9-2 alone)."""
    if famille.code != "CSS":
        return []
    last = plus(letter.received, famille.rectification_jours or 0)
    return [one for one in letter.of("echeancier") if received_on(one) <= last]


def _echeancier(famille: Famille, letter: Letter) -> Iterator[Delai]:
    for one in _echeanciers(famille, letter):
        if one.is_open:
            last = add_months(received_on(one), ECHEANCIER_MONTHS)
            words = "sans échéancier conclu ce jour-là, le remboursement est demandé tout de suite"
            yield Delai(ECHEANCIER, (famille.code,), words, last, a_valider=letter.unsure, source=famille.notification)


def _dated_retenues(
    famille: Famille, letter: Letter, asked: Rectification | None, running: Delai, lodged: list[Demarche]
) -> Delai:
    """Until when nothing may be withheld; no day for RSA and prime d'activité while something suspensive is open."""
    words = retenues(famille)
    if to_validate(famille, "retenues_possibles"):
        return words
    if famille.suspensif:
        open_ones = {RECOURS for one in lodged if one.is_open}
        open_ones |= {one.nature for one in letter.of(*SUSPENDING) if one.is_open}
        if open_ones:
            return replace(
                _not_withheld(words, famille, open_ones), a_valider=letter.unsure or RECLAMATION in open_ones
            )
        if lodged:
            return replace(words, relatif="recours répondu : début des retenues à valider", a_valider=True)
        said = "pas de retenue pendant le délai du recours" if asked or running.suspendu else words.relatif
        return replace(words, relatif=said, le=running.le, suspendu=running.suspendu, a_valider=running.a_valider)
    if asked is None:
        return _withheld_after_the_days(famille, letter, words)
    after = plus(asked.until, REJECTION_DAYS) if asked.answered else add_months(asked.until, REJECTION_MONTHS)
    said = "pas de retenue pendant la demande de rectification"
    return replace(words, relatif=said, le=after, a_valider=letter.doubtful or asked.supposed)


def _withheld_after_the_days(famille: Famille, letter: Letter, words: Delai) -> Delai:
    """Nothing was asked: the twenty days, unless an échéancier was accepted meanwhile."""
    agreed = _echeanciers(famille, letter)
    if any(not one.is_open for one in agreed):
        return replace(words, relatif="échéancier répondu : début des retenues à valider", a_valider=True)
    last = plus(letter.received, famille.rectification_jours or 0)
    if not agreed:
        return replace(words, le=last)
    last = max(last, *(add_months(received_on(one), ECHEANCIER_MONTHS) for one in agreed))
    said = "échéancier accepté : pas de retenue s’il est conclu"
    return replace(words, relatif=said, le=last, a_valider=letter.unsure)


def _not_withheld(words: Delai, famille: Famille, open_ones: set[str]) -> Delai:
    """What is open forbids it; a réclamation may be about something else than the trop-perçu."""
    during = " et ".join(said for nature, said in _DURING.items() if nature in open_ones)
    doubt = RECLAMATION in open_ones
    return replace(words, relatif=f"pas de retenue pendant {during}", source=famille.base_suspensif, a_valider=doubt)
