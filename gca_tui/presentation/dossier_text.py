"""What the tabs of a dossier say, as plain lines: the same on screen and for a line command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from gca_tui import reference
from gca_tui.domain.command import Command, Context
from gca_tui.domain.commands.demarches import VOIES
from gca_tui.domain.commands.referent import POLES
from gca_tui.domain.commands.rendez_vous import FORMES_RENDEZ_VOUS
from gca_tui.domain.commands.trace import CANAUX_CONTACT, RESULTATS_CONTACT
from gca_tui.domain.convention import corbeille
from gca_tui.domain.delays import RECTIFICATION_SILENCE_MONTHS, add_months
from gca_tui.domain.dossier import TRANSMIS, Dossier, DossierKey
from gca_tui.domain.french import short_date
from gca_tui.domain.paths import read
from gca_tui.domain.pieces import ETATS_PIECE, Piece
from gca_tui.domain.priority import standing, why
from gca_tui.domain.traces import DEMARCHES, RECTIFICATION, Contact, Demarche, Note, Question
from gca_tui.domain.trop_percu import Passage
from gca_tui.domain.values import HistoryEntry
from gca_tui.presentation.holding import held, hour, town
from gca_tui.presentation.kinds import ETATS_TRAITES, KINDS, STATUTS, change_words
from gca_tui.presentation.lines import BODY, FAINT, HEAD, Line, Lines, day, labelled, moment, prestation_label
from gca_tui.presentation.sheet_course import FEMININE
from gca_tui.presentation.trop_percus import trop_percus

__all__ = ["BODY", "FAINT", "HEAD", "KINDS", "TABS", "Line", "Lines", "Shown", "Tab", "short_summary"]

ETATS = {**ETATS_TRAITES, "": "à traiter"}
_CORRECTED = " (corrigé par un agent)"
_SILENCE = "rectification_silence_mois"
_TYPED = (
    *("texte", "objet", "issue", "motif", "commentaire", "evenement", "regle", "tiers_contenu"),
    *("raison", "calcul", "que_faire", "prochaine_fois"),
)
"""The fields of commands that hold what an agent typed."""


@dataclass(frozen=True)
class Shown(Context):
    """What the tabs read beside the dossier: the rules, and what was given on it and then refused, with the reason."""

    refused: Callable[[DossierKey], Sequence[tuple[Command, str]]] = lambda _: ()


def summary(dossier: Dossier, context: Context) -> Lines:
    """The first tab: why it is here, who, what is owed, what is under way."""
    place = standing(dossier, context.calendars, context.settings)
    yield Line(why(dossier, place, context.today, context.calendars, context.settings))
    known = dossier.contact_details
    born = f", né(e) le {short_date(known.date_naissance)}" if known.date_naissance else ""
    yield Line(f"{known.label}{born}", HEAD)
    yield Line(f"{known.adresse}, {town(known.code_postal, known.commune)}".strip(" ,") + _moved(dossier))
    corrected = _CORRECTED if dossier.coordonnees.telephones is not None else ""
    yield Line(f"Téléphone : {' · '.join(map(held, known.telephones)) or '—'}{corrected}")
    yield Line(
        f"Caisse : {reference.caisse_label(dossier.caisse)} · corbeille {corbeille(dossier.caisse, dossier.convention)}"
    )
    yield Line(f"Prestations : {', '.join(prestation_label(code) for code in dossier.prestations) or '—'}")
    yield Line(_course(dossier, context))
    yield from _alerts(dossier)
    if isinstance(context, Shown):
        yield from _refused(context.refused(dossier.key))
    for demarche in dossier.open_demarches:
        yield Line(_demarche(demarche))
        if demarche.nature == RECTIFICATION and demarche.recue_le:
            yield Line(f"  {silence(demarche.recue_le, dossier)}")
    for rdv in dossier.rendez_vous:
        if not rdv.resultat:
            form = FORMES_RENDEZ_VOUS.get(rdv.forme, rdv.forme)
            yield Line(f"Rendez-vous le {day(rdv.le)} à {hour(rdv.heure)} ({form}) {rdv.objet}".rstrip())
    for question in dossier.questions:
        if question.reponse is None:
            yield Line(f"Question ({POLES.get(question.pole, question.pole)}) : {question.texte}", typed=True)


def _moved(dossier: Dossier) -> str:
    said = dossier.coordonnees
    return "" if said.adresse is said.code_postal is said.commune is None else _CORRECTED


def pieces(dossier: Dossier, context: Context) -> Lines:
    """Pièces, the open ones first, then what was asked for."""
    for piece in sorted(dossier.pieces, key=lambda piece: (not piece.is_open, piece.extrait.recue_le or date.max)):
        yield from _piece(piece)
    for appel in dossier.appels:
        yield Line(
            f"Demandé le {moment(appel.at)} avant le {day(appel.avant_le)} : {', '.join(appel.pieces)}", typed=True
        )
    if not dossier.pieces and not dossier.appels:
        yield Line("Aucune pièce.", FAINT)


def notes(dossier: Dossier, context: Context) -> Lines:
    """Notes, contacts, questions: the newest first, a corrected note marked."""
    corrected = {note.corrige for note in dossier.notes if note.corrige}
    entries = [(note.at, list(_note(note, note.id in corrected))) for note in dossier.notes]
    entries += [(contact.at, list(_contact(contact))) for contact in dossier.contacts]
    entries += [(question.at, list(_question(question))) for question in dossier.questions]
    for _, lines in sorted(entries, key=lambda entry: entry[0], reverse=True):
        yield from lines
    if not entries:
        yield Line("Aucune note. La touche o en ouvre une.", FAINT)


def history(dossier: Dossier, context: Context) -> Lines:
    """Who did what when, old to new."""
    for entry in dossier.history:
        yield from _entry(entry, dossier)


@dataclass(frozen=True)
class Tab:
    """A tab: its name, how many things it holds, its lines."""

    name: str
    lines: Callable[[Dossier, Context], Lines]
    count: Callable[[Dossier], int] = lambda _: 0


TABS = (
    Tab("Dossier", summary),
    Tab("Pièces", pieces, lambda dossier: len(dossier.open_pieces)),
    Tab("Trop-perçus", trop_percus, lambda dossier: len(dossier.trop_percus)),
    Tab("Notes", notes, lambda dossier: len(dossier.notes) + len(dossier.contacts) + len(dossier.questions)),
    Tab("Historique", history),
)


def short_summary(dossier: Dossier, context: Context) -> str:
    """A few lines to copy into another program."""
    kept = [dossier.key.label, *(line.text for line in summary(dossier, context))]
    return "\n".join(kept)


def _course(dossier: Dossier, context: Context) -> str:
    etat = dossier.etat_on(context.today)
    said = f"Statut : {STATUTS.get(etat, etat)}"
    attente = dossier.current_attente
    if attente and dossier.waits_on(context.today):
        said += f" jusqu’au {short_date(attente.jusqu_au)} ({attente.motif})"
    return said + (f" · pris par {dossier.holder}" if dossier.holder else " · libre")


def _alerts(dossier: Dossier) -> Lines:
    if dossier.etat == TRANSMIS and (report := dossier.signalement):
        yield labelled(f"Transmis par {report.author.label} le {moment(report.at)}", report.motif, HEAD)
    if dossier.extrait.absente_le:
        yield Line(f"Absent de l’extrait du {short_date(dossier.extrait.absente_le)} : à vérifier.", HEAD)
    if dossier.lie_a:
        yield Line(f"Dossier lié : {dossier.lie_a.label}")
    for derogation in dossier.derogations:
        if derogation.is_open:
            yield Line(f"Dérogation ({derogation.nature}) jusqu’au {day(derogation.fin)} : droit à réexaminer avant.")
        else:
            ended = (
                f"Dérogation ({derogation.nature}) terminée le {day(derogation.levee_le)} : {derogation.levee_motif}"
            )
            yield Line(ended, FAINT, typed=True)
    for point in dossier.points_controle:
        yield Line(f"Point de contrôle : {point.libelle}", typed=True)


def _demarche(demarche: Demarche) -> str:
    label = DEMARCHES.get(demarche.nature, demarche.nature).capitalize()
    ending = "e" if demarche.nature in FEMININE else ""
    voie = VOIES.get(demarche.voie, demarche.voie).removesuffix("e") + ending
    receipt = (
        f"accusé de réception le {day(demarche.accuse_le)}" if demarche.accuse_le else "accusé de réception à envoyer"
    )
    about = f" · {demarche.objet}" if demarche.objet else ""
    return f"{label} ({voie}) reçu{ending} le {day(demarche.recue_le)} · {receipt}{about}"


def silence(received: date, dossier: Dossier) -> str:
    """The silence of the caisse is a rejection; sure where the article of each prestation concerned was read."""
    rejected = add_months(received, RECTIFICATION_SILENCE_MONTHS)
    concerned = {trop_percu.prestation for trop_percu in dossier.trop_percus}
    read = {
        code for family in reference.recours().values() if _SILENCE in family.verifie for code in family.prestations
    }
    doubt = "" if concerned and concerned <= read else " (à valider)"
    return f"sans réponse, rejet implicite le {short_date(rejected)}{doubt}"


def _refused(commands: Sequence[tuple[Command, str]]) -> Lines:
    for command, reason in commands:
        kind = KINDS.get(command.kind, command.kind)
        yield Line(f"Refusé : {kind} du {moment(command.at)} ({command.author.label}) — {reason}", HEAD)
        typed = (str(getattr(command, name, "") or "") for name in _TYPED)
        for text in filter(None, typed):
            yield from (Line(f"  {line}", typed=True) for line in text.splitlines())


def _piece(piece: Piece) -> Lines:
    known = reference.natures().get(piece.extrait.nature)
    nature = known.libelle if known else piece.extrait.nature or "pièce"
    label = ETATS.get(piece.etat, piece.etat)
    parts = [f"{piece.id} · {nature}", piece.extrait.prestation, piece.extrait.canal]
    parts.append(f"reçue le {day(piece.extrait.recue_le)}")
    parts.append(f"{piece.etat} {label}" if piece.etat in ETATS_PIECE else label)
    if piece.extrait.masse:
        parts.append("pièce de masse")
    yield Line(" · ".join(filter(None, parts)), HEAD if piece.is_open else FAINT)
    if piece.traitement:
        done = piece.traitement
        yield Line(f"  par {done.author.label} le {moment(done.at)} {done.commentaire}".rstrip(), FAINT, typed=True)
    if piece.absente_le:
        yield Line(f"  absente de l’extrait du {short_date(piece.absente_le)}")


def _note(note: Note, corrected: bool) -> Lines:
    tail = " · corrigée depuis" if corrected else (" · correction" if note.corrige else "")
    yield Line(f"{moment(note.at)} · {note.author.label} · note{tail}", HEAD)
    yield from (Line(f"  {text}", FAINT if corrected else BODY, typed=True) for text in note.texte.splitlines())


def _contact(contact: Contact) -> Lines:
    canal = CANAUX_CONTACT.get(contact.canal, contact.canal)
    resultat = RESULTATS_CONTACT.get(contact.resultat, contact.resultat)
    yield Line(f"{day(contact.le)} · {contact.author.label} · contact {canal} : {resultat}", HEAD)
    yield from (Line(f"  {text}", typed=True) for text in contact.texte.splitlines())


def _question(question: Question) -> Lines:
    yield Line(f"{moment(question.at)} · {question.author.label} · {POLES.get(question.pole, question.pole)}", HEAD)
    yield Line(f"  {question.texte}", typed=True)
    if question.reponse:
        yield Line(f"  Réponse de {question.reponse.author.label} : {question.reponse.texte}", typed=True)


def _entry(entry: HistoryEntry, dossier: Dossier) -> Lines:
    yield Line(f"{moment(entry.at)} · {entry.author.label} · {KINDS.get(entry.kind, entry.kind)}", HEAD)
    for words in dict.fromkeys(filter(None, (change_words(change) for change in entry.changes))):
        yield Line(f"  {words}", FAINT, typed=True)
    for change in entry.changes:
        passage = read(dossier, change.path)
        if isinstance(passage, Passage):
            yield labelled(f"  contrôle {passage.controle}", passage.motif, FAINT)
