"""Hypothesis strategies: dossiers made by real commands, and commands of every kind aimed at one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain import calls
from gca_tui.domain.apply import apply
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import AnyCommand
from gca_tui.domain.commands import calls as on_calls
from gca_tui.domain.commands import demarches as on_demarches
from gca_tui.domain.commands import explanation as on_explanation
from gca_tui.domain.commands import extract as on_extract
from gca_tui.domain.commands import family as on_family
from gca_tui.domain.commands import pieces as on_pieces
from gca_tui.domain.commands import referent as on_referent
from gca_tui.domain.commands import rendez_vous as on_rendez_vous
from gca_tui.domain.commands import suspicion as on_suspicion
from gca_tui.domain.commands import trace as on_trace
from gca_tui.domain.commands import urgence as on_urgence
from gca_tui.domain.commands import work as on_work
from gca_tui.domain.dossier import COORDONNEES, Allocataire, Dossier, DossierKey
from gca_tui.domain.pieces import ETATS_PIECE, TRAITEE, ExtraitPiece
from gca_tui.domain.traces import DEMARCHES
from gca_tui.domain.trop_percu import Faits, Montants
from gca_tui.domain.values import Author

Draw = Callable[[st.SearchStrategy[Any]], Any]
Fields = dict[str, Any]

TODAY = date(2026, 11, 12)
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
YEARS = range(2020, 2031)
CALENDARS = {
    METROPOLE: Calendar(holidays.country_holidays("FR", years=YEARS)),
    ALSACE_MOSELLE: Calendar(holidays.country_holidays("FR", subdiv="57", years=YEARS)),
}
CONTEXT = Context(today=TODAY, calendars=CALENDARS, lexicon=reference.lexicon())

AUTHORS = (
    Author(identifiant="091-ifaure", nom="Inès Faure", qualite="gestionnaire conseil allocataires", caisse="091"),
    Author(identifiant="091-psoulie", nom="Paul Soulié", qualite="gestionnaire conseil allocataires", caisse="091"),
    Author(identifiant="681-kmeyer", nom="Katia Meyer", qualite="référente technique", caisse="681"),
)
PIECE_IDS = ("P1", "P.2", "P%2E3", "P/4")
INDU_IDS = ("INK 001", "IM3.002", "INQ%003")
MONTHS = ("2026-01", "2026-02", "2026-03")

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
far_days = st.one_of(days, days, st.dates())
authors = st.sampled_from(AUTHORS)
texts = st.one_of(st.sampled_from(["Appelée, rappelle demain.", " ", "mot " * 60]), st.text(max_size=20))
likely = st.sampled_from([True, True, True, False])
cents = st.one_of(st.none(), st.integers(0, 300_000))


def _some(draw: Draw, **fields: st.SearchStrategy[Any]) -> Fields:
    """Some of the fields, as an extract without all columns sets them."""
    return {name: draw(values) for name, values in fields.items() if draw(likely)}


@st.composite
def montants(draw: Draw) -> Montants:
    return Montants(**_some(draw, verse=cents, du=cents))


@st.composite
def read_pieces(draw: Draw, name: str) -> on_extract.ReadPiece:
    natures = st.sampled_from(["ressources", "rac_annuel", "quittance", "reclamation", "nature inconnue"])
    prestations = st.sampled_from(["", "RSA", "AAH", "APL"])
    etats = st.sampled_from(["", *ETATS_PIECE])
    seen = _some(draw, nature=natures, recue_le=st.one_of(st.none(), far_days), prestation=prestations, etat=etats)
    return on_extract.ReadPiece(id=name, extrait=ExtraitPiece(**seen))


@st.composite
def read_indus(draw: Draw, name: str) -> on_extract.ReadIndu:
    letters = st.sampled_from([None, date(2026, 5, 4), date(2026, 6, 8)])
    seen = _some(
        draw,
        reference=st.just(name),
        prestation=st.sampled_from(["RSA", "APL"]),
        motif=texts,
        notifiee_le=letters,
        recue_le=st.one_of(st.none(), days),
        mois=st.dictionaries(st.sampled_from(MONTHS), montants(), max_size=3),
    )
    return on_extract.ReadIndu(id=name, **seen)


def _unique(draw: Draw, names: tuple[str, ...], make: Callable[[str], st.SearchStrategy[Any]]) -> tuple[Any, ...]:
    return tuple(draw(make(name)) for name in draw(st.lists(st.sampled_from(names), unique=True)))


@st.composite
def extract_fields(draw: Draw) -> Fields:
    """What an extract says of a dossier; each part may be missing."""
    seen = _some(
        draw,
        prestations=st.lists(st.sampled_from(["RSA", "APL", "AF"]), unique=True).map(tuple),
        convention=st.sampled_from([None, "CONV-1"]),
        urgence=st.sampled_from(["", "expulsion", "coupure d’énergie"]),
    )
    if draw(likely):
        seen["pieces"] = _unique(draw, PIECE_IDS, read_pieces)
    if draw(likely):
        seen["indus"] = _unique(draw, INDU_IDS, read_indus)
    partial = {"partial": True} if draw(st.integers(0, 9)) == 9 else {}
    known = _some(draw, nom=st.sampled_from(["SCHÄFER", "DIALLO"]), commune=texts, telephones=st.just(("0600000000",)))
    return {"le": draw(days), "allocataire": Allocataire(**known), **seen, **partial}


def _aimed(draw: Draw, items: tuple[Any, ...]) -> str:
    """The id of one of the items, or of nothing."""
    known = [item.id for item in items] * 3
    return str(draw(st.sampled_from([*known, "inconnu"])))


def newest(dossier: Dossier, fields: Fields) -> Fields:
    """The same extract on a day that is not before what the dossier has."""
    return fields | {"le": max(filter(None, (fields["le"], dossier.extrait.newest)))}


def _extract(draw: Draw, dossier: Dossier) -> Fields:
    """An extract, mostly a newer one."""
    fields = draw(extract_fields())
    return newest(dossier, fields) if draw(likely) else fields


def _taken_back(draw: Draw, names: tuple[str, ...], given: Fields) -> Fields:
    """Some of the names that are not given, or one that is wrong."""
    left = [name for name in names if name not in given]
    taken = draw(st.one_of(st.just([]), st.lists(st.sampled_from([*left, *left, *given, "inconnu"]), max_size=2)))
    return given | {"effacer": tuple(taken)}


def _letter(draw: Draw, dossier: Dossier) -> str:
    return _aimed(draw, dossier.notifications)


def _trop_percu(draw: Draw, dossier: Dossier) -> tuple[str, str, tuple[str, ...]]:
    places = [(n.id, tp.id, tuple(mois.id for mois in tp.mois)) for n in dossier.notifications for tp in n.trop_percus]
    place: tuple[str, str, tuple[str, ...]]
    place = draw(st.sampled_from([*places * 3, ("inconnue", "inconnu", ("2026-01",))]))
    return place


def _months(draw: Draw, dossier: Dossier) -> Fields:
    """Figures that mostly add up."""
    notification, trop_percu, months = _trop_percu(draw, dossier)
    paid = st.one_of(*[st.integers(50_000, 300_000)] * 3, st.integers(-1, 300_000))
    read = [on_explanation.MoisCorrige(mois=one, verse=draw(paid), du=draw(st.integers(0, 50_000))) for one in months]
    total = sum(one.verse - one.du for one in read)
    return {
        "notification": notification,
        "trop_percu": trop_percu,
        "mois": tuple(read),
        "montant": total if draw(likely) else total + 1,
    }


def _facts(draw: Draw, dossier: Dossier) -> Fields:
    notification, trop_percu, _ = _trop_percu(draw, dossier)
    said = _some(
        draw,
        motif=st.sampled_from(["50", "AD", "??"]),
        evenement_le=days,
        evenement=texts,
        connu_le=days,
        connu_par=texts,
        tiers=st.booleans(),
        tiers_nom=texts,
    )
    said = _taken_back(draw, tuple(Faits.model_fields), said)
    return {"notification": notification, "trop_percus": (trop_percu,), **said}


def _pause(draw: Draw, dossier: Dossier) -> Fields:
    last = dossier.attentes[-1].end if dossier.attentes else date(2026, 1, 1)
    start = draw(st.one_of(days, st.just(min(last, TODAY))))
    later = start + timedelta(days=draw(st.integers(1, 40)))
    return {"depuis": start, "jusqu_au": draw(st.one_of(st.just(later), far_days)), "motif": draw(texts)}


def _call(draw: Draw, dossier: Dossier) -> Fields:
    objet = draw(st.sampled_from([*calls.OBJETS, "bavardage"]))
    campagne = "Enfants en apprentissage" if objet == calls.CAMPAGNE and draw(likely) else ""
    moment = draw(st.sampled_from(["", *calls.DEMI_JOURNEES, "nuit"]))
    coming = st.dates(TODAY, date(2026, 12, 31))
    return {"le": draw(st.one_of(coming, coming, days)), "demi_journee": moment, "objet": objet, "campagne": campagne}


MAKERS: dict[type[Command], Callable[[Draw, Dossier], Fields]] = {
    on_trace.AddNote: lambda draw, dossier: {"texte": draw(texts)},
    on_trace.CorrectNote: lambda draw, dossier: {"texte": draw(texts), "corrige": _aimed(draw, dossier.notes)},
    on_trace.LogContact: lambda draw, dossier: {
        "canal": draw(st.sampled_from([*on_trace.CANAUX_CONTACT, "pigeon"])),
        "resultat": draw(st.sampled_from([*on_trace.RESULTATS_CONTACT, "peut-être"])),
        "le": draw(days),
        "texte": draw(texts),
        "appels": draw(st.sampled_from([(), (_aimed(draw, dossier.open_calls),)])),
    },
    on_calls.PlanCall: _call,
    on_calls.CancelCall: lambda draw, dossier: {
        "appel": _aimed(draw, dossier.appels_prevus),
        "motif": draw(texts),
    },
    on_pieces.TreatPiece: lambda draw, dossier: {
        "piece": _aimed(draw, dossier.pieces),
        "etat": draw(st.sampled_from([TRAITEE, TRAITEE, *ETATS_PIECE, "PERDUE"])),
        "commentaire": draw(texts),
    },
    on_pieces.RequestPieces: lambda draw, dossier: {
        "pieces": tuple(draw(st.lists(texts, max_size=3))),
        "avant_le": draw(days),
    },
    on_work.Wait: _pause,
    on_work.Resume: lambda draw, dossier: {"attente": _aimed(draw, dossier.attentes), "le": draw(days)},
    on_work.Take: lambda draw, dossier: {},
    on_work.HandBack: lambda draw, dossier: {"motif": draw(texts)},
    on_work.CloseDossier: lambda draw, dossier: {"motif": draw(texts)},
    on_work.Reopen: lambda draw, dossier: {"motif": draw(texts)},
    on_rendez_vous.ScheduleRendezVous: lambda draw, dossier: {
        "le": draw(days),
        "heure": draw(st.sampled_from(["09:30", "11:00", "23:59", "9h30"])),
        "forme": draw(st.sampled_from([*on_rendez_vous.FORMES_RENDEZ_VOUS, "visite"])),
        "objet": draw(texts),
    },
    on_rendez_vous.HoldRendezVous: lambda draw, dossier: {
        "rendez_vous": _aimed(draw, dossier.rendez_vous),
        "resultat": draw(st.sampled_from([*on_rendez_vous.RESULTATS_RENDEZ_VOUS, "oublié"])),
    },
    on_referent.AskReferent: lambda draw, dossier: {
        "texte": draw(texts),
        "pole": draw(st.sampled_from([*on_referent.POLES, "ouest"])),
    },
    on_referent.AnswerReferent: lambda draw, dossier: {
        "question": _aimed(draw, dossier.questions),
        "texte": draw(texts),
    },
    on_urgence.FlagUrgence: lambda draw, dossier: {
        "nature": draw(st.sampled_from([*on_urgence.NATURES_URGENCE, "caprice"])),
        "motif": draw(texts),
    },
    on_urgence.LiftUrgence: lambda draw, dossier: {"motif": draw(texts)},
    on_demarches.OpenDemarche: lambda draw, dossier: {
        "nature": draw(st.sampled_from([*DEMARCHES, "grève"])),
        "recue_le": draw(far_days),
        "voie": draw(st.sampled_from([*on_demarches.VOIES, "gestuelle"])),
        "objet": draw(texts),
        "accuse_le": draw(st.one_of(st.none(), days)),
        "notification": draw(st.sampled_from(["", "", _letter(draw, dossier)])),
    },
    on_demarches.AcknowledgeDemarche: lambda draw, dossier: {
        "demarche": _aimed(draw, dossier.demarches),
        "le": draw(days),
    },
    on_demarches.CloseDemarche: lambda draw, dossier: {
        "demarche": _aimed(draw, dossier.demarches),
        "le": draw(days),
        "issue": draw(texts),
    },
    on_family.CorrectContactDetails: lambda draw, dossier: _taken_back(
        draw, COORDONNEES, _some(draw, adresse=texts, commune=texts, telephones=st.just(("0611111111",)))
    ),
    on_explanation.CorrectMonths: _months,
    on_explanation.EstablishFacts: _facts,
    on_explanation.EditExplanation: lambda draw, dossier: {
        "notification": _letter(draw, dossier),
        **_some(draw, raison=texts, calcul=texts, que_faire=texts, prochaine_fois=texts),
    },
    on_explanation.OverrideChecks: lambda draw, dossier: {
        "notification": _letter(draw, dossier),
        "controles": tuple(draw(st.one_of(st.just([6]), st.lists(st.integers(0, 9), max_size=3, unique=True)))),
        "motif": draw(texts),
        "vu": draw(st.sampled_from([None, None, (), ("Autre chose.",)])),
    },
    on_suspicion.ReportSuspicion: lambda draw, dossier: {"motif": draw(texts)},
    on_suspicion.WithdrawSuspicion: lambda draw, dossier: {"motif": draw(texts)},
    on_family.RecordReception: lambda draw, dossier: {
        "notification": _aimed(draw, dossier.notifications),
        "le": draw(days),
    },
    on_family.GrantDerogation: lambda draw, dossier: {
        "nature": draw(texts),
        "debut": draw(days),
        "fin": draw(far_days),
    },
    on_family.EndDerogation: lambda draw, dossier: {
        "derogation": _aimed(draw, dossier.derogations),
        "le": draw(days),
        "motif": draw(texts),
    },
    on_family.LinkMutation: lambda draw, dossier: {
        "lie_a": DossierKey(caisse=draw(st.sampled_from(["681", "091"])), matricule=dossier.matricule)
    },
    on_extract.ReceiveExtract: _extract,
    on_extract.MarkAbsent: lambda draw, dossier: {"le": draw(days)},
}
"""How to make the fields of each kind of command, for a dossier. Some are wrong on purpose."""

SYSTEM = (on_extract.ReceiveExtract, on_extract.MarkAbsent)
AGENT_KINDS = tuple(kind for kind in MAKERS if kind not in SYSTEM)


FOLLOWS: dict[type[Command], Callable[[Dossier], object]] = {
    on_trace.CorrectNote: lambda dossier: dossier.notes,
    on_pieces.TreatPiece: lambda dossier: dossier.open_pieces,
    on_work.Resume: lambda dossier: dossier.current_attente,
    on_work.HandBack: lambda dossier: dossier.holder,
    on_work.Reopen: lambda dossier: dossier.statut == "clos",
    on_rendez_vous.HoldRendezVous: lambda dossier: dossier.rendez_vous,
    on_referent.AnswerReferent: lambda dossier: dossier.questions,
    on_urgence.LiftUrgence: lambda dossier: dossier.urgence_active,
    on_demarches.CloseDemarche: lambda dossier: dossier.open_demarches,
    on_calls.CancelCall: lambda dossier: dossier.open_calls,
    on_explanation.CorrectMonths: lambda dossier: any(trop_percu.mois for trop_percu in dossier.trop_percus),
    on_explanation.EstablishFacts: lambda dossier: dossier.trop_percus,
    on_explanation.EditExplanation: lambda dossier: dossier.notifications,
    on_explanation.OverrideChecks: lambda dossier: dossier.notifications,
    on_suspicion.WithdrawSuspicion: lambda dossier: dossier.signalement,
    on_family.RecordReception: lambda dossier: dossier.notifications,
    on_family.EndDerogation: lambda dossier: dossier.derogations,
}
"""What a kind of command needs; it is given more often where it finds it."""


@st.composite
def commands(
    draw: Draw, dossier: Dossier, name: str = "commande", kinds: tuple[type[Command], ...] = tuple(MAKERS)
) -> AnyCommand:
    """A command of any of the kinds, aimed at what the dossier holds, sometimes at what it does not."""
    fitting = [kind for kind in kinds if kind in FOLLOWS and FOLLOWS[kind](dossier)]
    kind = draw(st.sampled_from(fitting if fitting and draw(st.booleans()) else kinds))
    fields = MAKERS[kind](draw, dossier)
    command: AnyCommand = kind(
        id=name, caisse=dossier.caisse, matricule=dossier.matricule, author=draw(authors), at=NOW, **fields
    )
    return command


@dataclass(frozen=True)
class Step:
    """One command given to a dossier; `after` is `before` itself when it was refused."""

    before: Dossier
    command: AnyCommand
    after: Dossier
    refusal: CommandRefused | None = None


@dataclass(frozen=True)
class Course:
    """The life of a dossier since its first extract."""

    start: Dossier
    steps: tuple[Step, ...]

    @property
    def end(self) -> Dossier:
        return self.steps[-1].after if self.steps else self.start

    @property
    def accepted(self) -> tuple[AnyCommand, ...]:
        """What changed something: a command that says what is there already leaves no trace."""
        return tuple(step.command for step in self.steps if step.after is not step.before)


@st.composite
def courses(
    draw: Draw,
    kinds: tuple[type[Command], ...] = tuple(MAKERS),
    min_size: int = 3,
    max_size: int = 12,
    context: Context = CONTEXT,
) -> Course:
    """A dossier made by an extract, and the commands it was given since, with what became of each."""
    key = {"caisse": draw(st.sampled_from(["681", "091"])), "matricule": draw(st.sampled_from(["0123456", "7654321"]))}
    fields = draw(extract_fields())
    first = on_extract.ReceiveExtract(id="extrait", **key, author=AUTHORS[2], at=NOW, **fields)
    start = dossier = apply(None, first, context)
    steps = []
    for number in range(draw(st.integers(min_size, max_size))):
        command = draw(commands(dossier, f"c.{number}%2E", kinds))
        try:
            after, refusal = apply(dossier, command, context), None
        except CommandRefused as refused:
            after, refusal = dossier, refused
        steps.append(Step(dossier, command, after, refusal))
        dossier = after
    return Course(start, tuple(steps))


dossiers = courses().map(lambda course: course.end)
"""A dossier as an agent finds it."""
