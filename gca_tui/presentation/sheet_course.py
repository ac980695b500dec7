"""What the sheet says of the dossier around its trop-perçus: what it waits for, what comes next, what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gca_tui import reference
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import CLOS, TRANSMIS, Dossier
from gca_tui.domain.french import count, listed
from gca_tui.domain.pieces import Piece
from gca_tui.domain.traces import DEMARCHES, Contact, Demarche, RendezVous
from gca_tui.domain.trop_percu import Notification
from gca_tui.presentation.fitting import Block, Form, clip
from gca_tui.presentation.holding import hour
from gca_tui.presentation.lines import FAINT
from gca_tui.presentation.speech import spoken_day, spoken_moment

_BY = {
    "telephone": "par téléphone",
    "courriel": "par courriel",
    "courrier": "par courrier",
    "guichet": "à l’accueil",
    "caf.fr": "sur caf.fr",
}
_SAID = {
    "joint": "{who} a échangé avec vous",
    "non_joint": "{who} n’a pas pu vous joindre",
    "message": "{who} a laissé un message",
    "refus": "vous n’avez pas souhaité échanger avec {who}",
    "impossible": "{who} n’avait pas de moyen de vous joindre",
}
_AT = {"telephone": "par téléphone", "accueil": "à l’accueil", "droits": "pour faire le point sur vos droits"}
_NATURES = {
    "rac_annuel": "contrôle annuel de vos ressources et de votre activité",
    "rac_trimestriel": "contrôle trimestriel de vos ressources et de votre activité",
}
"""Natures whose label is a sigle."""
FEMININE = ("reclamation", "rectification", "remise", "mediation")
"""Kinds of démarche whose name is feminine."""
_TYPED = 90
_NAME = 40


def course_blocks(dossier: Dossier, context: Context) -> list[Block]:
    """Where the dossier stands: urgent, what is awaited, asked for, planned."""
    alone = not dossier.trop_percus
    blocks = [
        Block(4, 6, _nullable(_state(dossier, context), needed=alone)),
        Block(4, 5, _shortened([_demarche(one) for one in dossier.open_demarches], "démarche")),
        Block(4, 7, _nullable(tuple(_received(dossier)), needed=alone)),
        Block(4, 7, _nullable(_asked(dossier), needed=alone)),
        Block(
            4, 5, _shortened([_rendez_vous(one) for one in _planned(dossier, context)], "rendez-vous", "rendez-vous")
        ),
    ]
    if alone and dossier.etat != TRANSMIS:
        blocks.append(Block(4, 1, ((_next(dossier, context),),)))
    blocks.append(Block(4, 6, _nullable(_calls(dossier, context), needed=False)))
    return [block for block in blocks if any(block.forms)]


def said_blocks(dossier: Dossier, letter: Notification | None, *, must_explain: bool) -> list[Block]:
    """What was already told to the family, by whom and when. Notes are internal: only that they exist."""
    blocks = [Block(5, 4, (_written(letter, must_explain=must_explain),))] if letter else []
    contacts = sorted(dossier.contacts, key=lambda one: (one.le or one.at.date(), one.at), reverse=True)
    blocks.append(Block(5, 3, tuple(_contacts(contacts))))
    texts = tuple(f"{spoken_moment(one.at)} : {clip(one.texte, 300)}" for one in contacts if one.texte.strip())
    if texts:
        blocks.append(Block(5, 22, (("Ce qui a été noté de ces échanges :", *texts[:5]), texts[:1]), extra=True))
    if dossier.notes:
        notes = f"Pour vous : {count(len(dossier.notes), 'note interne', 'notes internes')} au dossier, à ne pas lire."
        blocks.append(Block(5, 8, ((notes,), ()), FAINT))
    return blocks


def _nullable(forms: tuple[Form, ...], *, needed: bool) -> tuple[Form, ...]:
    return forms if needed or not forms else (*forms, ())


def _shortened(sentences: Sequence[str], singular: str, plural: str | None = None) -> tuple[Form, ...]:
    """All the sentences, then ever fewer, with how many are left out."""
    forms = []
    for shown in range(len(sentences), 0, -1):
        rest = len(sentences) - shown
        other = count(rest, f"autre {singular}", f"autres {plural or singular + 's'}")
        forms.append((*sentences[:shown], f"Et {other}.") if rest else tuple(sentences))
    return tuple(forms)


def _state(dossier: Dossier, context: Context) -> tuple[Form, ...]:
    said = ["Votre dossier passe en priorité."] if dossier.urgence_active and dossier.etat != CLOS else []
    attente = dossier.current_attente
    if dossier.etat == CLOS:
        said.append("Votre dossier est clos : rien n’est à traiter.")
    elif dossier.etat == TRANSMIS and not dossier.trop_percus:
        said.append("Votre dossier est suivi par un autre service de la Caf.")
    elif attente and dossier.waits_on(context.today):
        why = f" : {clip(attente.motif, _TYPED).rstrip('.')}" if attente.motif.strip() else ""
        said.append(f"Votre dossier est en attente jusqu’au {spoken_day(attente.jusqu_au)}{why}.")
    return ((" ".join(said),),) if said else ()


def _demarche(demarche: Demarche) -> str:
    named = clip(DEMARCHES.get(demarche.nature, demarche.nature), _NAME)
    gender = "e" if demarche.nature in FEMININE else ""
    received = f", reçu{gender} le {spoken_day(demarche.recue_le)}" if demarche.recue_le else ""
    return f"Votre {named}{received}, attend une réponse." if received else f"Votre {named} attend une réponse."


def _received(dossier: Dossier) -> Iterator[Form]:
    """What the Caf has received and not treated yet."""
    names = [_document(piece) for piece in dossier.open_pieces]
    for shown in range(len(names), 0, -1):
        rest = len(names) - shown
        other = [count(rest, "autre document", "autres documents")] if rest else []
        yield (f"La Caf a reçu et doit traiter : {listed([*names[:shown], *other])}.",)


def _document(piece: Piece) -> str:
    known = reference.natures().get(piece.extrait.nature)
    label = _NATURES.get(piece.extrait.nature) or (known.libelle if known else clip(piece.extrait.nature, _NAME))
    day = piece.extrait.recue_le
    return f"{label or 'document'}, le {spoken_day(day)}" if day else label or "document"


def _asked(dossier: Dossier) -> tuple[Form, ...]:
    """The last request for documents, while work on a pièce is left."""
    if not dossier.appels or not dossier.open_pieces:
        return ()
    appel = dossier.appels[-1]
    before = f" avant le {spoken_day(appel.avant_le)}" if appel.avant_le else ""
    names = [clip(one, _NAME) for one in appel.pieces if one.strip()]
    head = f"Nous vous avons demandé d’envoyer{before}"
    full = f"{head} : {listed(names)}." if names else f"{head} des documents."
    short = f"{head} {count(len(names), 'document')}." if names else full
    return ((full,), (short,))


def _planned(dossier: Dossier, context: Context) -> list[RendezVous]:
    coming = [one for one in dossier.rendez_vous if not one.resultat and one.le and one.le >= context.today]
    return sorted(coming, key=lambda one: (one.le, one.heure))


def _rendez_vous(rdv: RendezVous) -> str:
    day = spoken_day(rdv.le) if rdv.le else "une date à fixer"
    at = f" à {hour(clip(rdv.heure, 10))}" if rdv.heure else ""
    form = f", {_AT[rdv.forme]}" if rdv.forme in _AT else ""
    about = f" : {clip(rdv.objet, _TYPED).rstrip('.')}" if rdv.objet.strip() else ""
    return f"Vous avez rendez-vous le {day}{at}{form}{about}."


def _calls(dossier: Dossier, context: Context) -> tuple[Form, ...]:
    coming = sorted(one.le for one in dossier.open_calls if one.le >= context.today)
    return ((f"Un agent doit vous appeler le {spoken_day(coming[0])}.",),) if coming else ()


def _next(dossier: Dossier, context: Context) -> str:
    """What happens next, where no trop-perçu is at stake."""
    if dossier.owed_answers:
        named = DEMARCHES[dossier.owed_answers[0].nature]
        return f"Prochaine étape : la Caf répond à votre {named}."
    if dossier.waits_on(context.today) and dossier.appels:
        return "Prochaine étape : vous envoyez les documents demandés."
    if dossier.open_pieces:
        return "Prochaine étape : la Caf traite ce qu’elle a reçu."
    if _planned(dossier, context):
        return "Prochaine étape : votre rendez-vous."
    return "Rien n’est en cours dans ce dossier."


def _written(letter: Notification, *, must_explain: bool) -> Form:
    if letter.versions and not letter.explication.is_empty:
        last = letter.versions[-1]
        who = clip(last.author.label, _NAME)
        return (f"Une explication a été écrite le {spoken_moment(last.at)} par {who}.",)
    return ("L’explication n’est pas encore écrite.",) if must_explain else ()


def _contacts(contacts: Sequence[Contact]) -> Iterator[Form]:
    if not contacts:
        yield ("Aucun échange avec vous n’est noté.",)
    for shown in range(min(len(contacts), 8), 0, -1):
        rest = len(contacts) - shown
        earlier = (f"Et {count(rest, 'échange noté', 'échanges notés')} avant.",) if rest else ()
        yield (*(_contact(one) for one in contacts[:shown]), *earlier)


def _contact(contact: Contact) -> str:
    day = spoken_day(contact.le) if contact.le else spoken_moment(contact.at)
    by = f", {_BY[contact.canal]}" if contact.canal in _BY else ""
    said = _SAID.get(contact.resultat, "{who} a noté un échange").format(who=clip(contact.author.label, _NAME))
    return f"Le {day}{by}, {said}."
