"""The tab of trop-perçus: letter by letter, what is owed, what is established, what the checks say, until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gca_tui import reference
from gca_tui.domain.closing import must_explain
from gca_tui.domain.command import Context
from gca_tui.domain.delai import OBJETS, RETENUES, Delai
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.checking import check_notification, is_passed
from gca_tui.domain.explanation.remarks import remarks
from gca_tui.domain.explanation.results import Result
from gca_tui.domain.explanation.subject import subject
from gca_tui.domain.french import count, euros, short_date
from gca_tui.domain.recours import calendrier
from gca_tui.domain.trop_percu import SECTIONS, Mois, Notification, Passage, TropPercu
from gca_tui.presentation.lines import (
    BODY,
    FAINT,
    HEAD,
    TO_CONFIRM,
    Line,
    Lines,
    day,
    labelled,
    moment,
    month_label,
    prestation_label,
)


def trop_percus(dossier: Dossier, context: Context) -> Lines:
    """Notifications, their trop-perçus, month by month."""
    for notification in dossier.notifications:
        if notification.trop_percus:
            yield from _notification(notification, dossier, context)
    if not dossier.trop_percus:
        yield Line("Aucun trop-perçu.", FAINT)


def _notification(notification: Notification, dossier: Dossier, context: Context) -> Lines:
    sent = notification.extrait.notifiee_le
    named = f"Notification du {short_date(sent)}" if sent else "Notification à envoyer"
    received = f"reçue le {short_date(notification.reception)}" if notification.reception else "réception non connue"
    yield Line(f"{named} · {received} · total {euros(notification.montant)}", HEAD)
    yield from _standing(notification, dossier, context)
    for trop_percu in notification.trop_percus:
        yield from _trop_percu(trop_percu)
    for delai in calendrier(dossier, notification, context):
        yield Line(f"  {_delay(delai, context.today)}")
    for remark in remarks(subject(dossier, notification, context), dossier):
        yield Line(f"  À savoir : {remark.text}", FAINT)
    yield from _explanation(notification)


def _standing(notification: Notification, dossier: Dossier, context: Context) -> Lines:
    """Whether the explanation is due, written, complete; each check passed over, with who said why."""
    if notification.explication.is_empty:
        if must_explain(dossier, notification, context):
            threshold = context.settings.threshold_of(dossier.caisse)
            yield Line(f"  explication à écrire (seuil de {euros(threshold)}, règle à valider pour cette caisse)")
    else:
        yield from _checked(check_notification(dossier, notification, context), notification.passages)
    for passage in notification.passages:
        yield from _passage(passage)


def _checked(results: Sequence[Result], passages: tuple[Passage, ...]) -> Iterator[Line]:
    failing = [one for one in results if one.bloquant and not one.ok and not is_passed(one, passages)]
    if not failing:
        yield Line("  explication complète : aucun contrôle ne bloque")
    for one in failing:
        yield Line(f"  contrôle {one.controle} ({one.nom}) : {one.findings[0].dire}", HEAD)
    warning = [f"{one.controle} ({one.nom})" for one in results if not one.bloquant and not one.ok]
    if warning:
        yield Line(f"  à relire, sans bloquer : {', '.join(warning)}", FAINT)


def _passage(passage: Passage) -> Lines:
    yield Line(f"  contrôle {passage.controle} passé outre par {passage.author.label} le {moment(passage.at)}")
    yield from (Line(f"    {line}", typed=True) for line in passage.motif.splitlines())


def _delay(delai: Delai, today: date) -> str:
    families = ", ".join(delai.familles)
    named = OBJETS.get(delai.objet, delai.objet) + (f" ({families})" if families else "")
    doubt = f" ({TO_CONFIRM})" if delai.a_valider and TO_CONFIRM not in delai.relatif else ""
    if delai.objet == RETENUES and delai.le is None:
        return f"{delai.relatif} ({families}){doubt}"
    return f"{named} : {_until(delai, today)}{doubt}"


def _until(delai: Delai, today: date) -> str:
    if delai.suspendu:
        return delai.relatif
    if delai.le is None:
        return delai.relatif
    left = (delai.le - today).days
    if left < 0:
        return f"passé depuis le {short_date(delai.le)}"
    return f"jusqu’au {short_date(delai.le)}, " + (f"encore {count(left, 'jour')}" if left else "dernier jour")


def _trop_percu(trop_percu: TropPercu) -> Lines:
    motif = reference.motifs().get(trop_percu.code("motif"))
    cause = motif.libelle if motif else trop_percu.code("motif") or "motif non renseigné"
    gone = f" · absent de l’extrait du {short_date(trop_percu.absente_le)}" if trop_percu.absente_le else ""
    named = f"{trop_percu.reference} {prestation_label(trop_percu.prestation)}"
    yield Line(f"  {named} · {cause} · {euros(trop_percu.montant)}{gone}")
    months = sorted(trop_percu.mois, key=lambda mois: mois.id)
    for mois in months:
        corrected = " · corrigé par un agent" if mois.corrige else ""
        yield Line(f"    {month_label(mois.id)} · {_figures([mois])}{corrected}", FAINT)
    if len(months) > 1:
        yield Line(f"    total · {_figures(months)}")
    yield from _facts(trop_percu)


def _figures(months: Sequence[Mois]) -> str:
    paid, due = [mois.verse for mois in months], [mois.du for mois in months]
    return " · ".join(
        (
            f"reçu {_sum(paid, '—')}",
            f"dû {_sum(due, 'non renseigné')}",
            f"différence {euros(sum(mois.montant for mois in months))}",
        )
    )


def _sum(amounts: Sequence[int | None], unknown: str) -> str:
    known = [one for one in amounts if one is not None]
    return euros(sum(known)) if len(known) == len(amounts) else unknown


def _facts(trop_percu: TropPercu) -> Lines:
    faits = trop_percu.faits
    if faits.evenement_le or faits.evenement:
        yield labelled("    événement", f"le {day(faits.evenement_le)}, {faits.evenement or '—'}")
    if faits.connu_le or faits.connu_par:
        by = f", par {faits.connu_par}" if faits.connu_par else ""
        yield Line(f"    su par la Caf le {day(faits.connu_le)}{by}", typed=True)
    if faits.regle:
        yield labelled("    règle", faits.regle)
    origine = reference.origines().get(trop_percu.code("origine"))
    responsabilite = reference.responsabilites().get(trop_percu.code("responsabilite"))
    said = [f"origine : {origine.libelle}"] if origine else []
    said += [f"responsabilité : {responsabilite.libelle}"] if responsabilite else []
    if said:
        yield Line(f"    {' · '.join(said)}")
    if faits.tiers:
        yield labelled("    donnée d’un tiers", f"{faits.tiers_nom or '—'}, {faits.tiers_contenu or '—'}")
    elif faits.tiers is False:
        yield Line("    aucune donnée d’un tiers")


def _explanation(notification: Notification) -> Lines:
    if notification.explication.is_empty:
        return
    last = notification.versions[-1] if notification.versions else None
    by = f" par {last.author.label} le {moment(last.at)}" if last else ""
    yield Line(f"  Explication enregistrée{by}", HEAD)
    for name, title in SECTIONS.items():
        text = getattr(notification.explication, name)
        if text:
            yield Line(f"  {title}", BODY)
            yield from (Line(f"    {line}", FAINT, typed=True) for line in text.splitlines())
