"""What the exchange with the server brought that an agent must hear of, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import count, typeset

if TYPE_CHECKING:
    from gca_tui.store.driver import Connection
    from gca_tui.store.waiting import Ask, SyncState


def news(before: SyncState, now: SyncState, connection: Connection) -> str:
    """What is new between two states, what wants a decision first; "" when nothing of it wants to be said."""
    if now.problem and now.problem != before.problem:
        return now.words
    if fresh := [one for one in now.asks if not one.kept and one not in before.asks]:
        return _asked(fresh[0])
    if now.conflicts > before.conflicts:
        return f"{count(now.conflicts, 'changement')} en conflit : rien n’est perdu, à vous de choisir."
    if now.refused > before.refused:
        return f"{count(now.refused, 'changement refusé', 'changements refusés')} : le texte est gardé."
    return _left(connection) if now.departures > before.departures else ""


def nothing(state: SyncState) -> str:
    """What is said over a store that holds no dossier, in any view: how to have some."""
    if not state.tied:
        return "Aucun dossier. Pour en avoir : gca connexion, gca importer, ou gca demo."
    if state.shut_out:
        return "Le serveur ne donne plus aucune corbeille à ce poste : voyez votre responsable."
    if state.progress or not state.last_contact:
        return "Les dossiers arrivent du serveur : vous pouvez attendre ici."
    return "Aucun dossier dans vos corbeilles."


def _asked(ask: Ask) -> str:
    removed = count(ask.removed, "dossier")
    return f"Le serveur retire {removed} de la corbeille {ask.scope} sans dire pourquoi : rien n’est retiré sans vous."


def _left(connection: Connection) -> str:
    """Which dossiers left, why, and what went with them."""
    from gca_tui.store.waiting import departures

    unseen = [one for one in departures(connection) if not one.seen]
    if not unseen:
        return ""
    why = because(unseen[0].motif) if len({one.motif for one in unseen}) == 1 else ""
    who = f"{unseen[0].caisse}·{unseen[0].matricule} a quitté ce poste{why}."
    if len(unseen) > 1:
        who = f"{count(len(unseen), 'dossier')} ont quitté ce poste{why}."
    with_them = with_it(sum(one.commands for one in unseen), sum(one.drafts_left for one in unseen))
    return typeset(f"{who} {with_them}".strip())


def because(motif: str) -> str:
    """A reason in brackets, "" without one; it may be a sentence, or a few words."""
    return f" ({motif.rstrip('.')})" if motif else ""


def with_it(commands: int, drafts: int) -> str:
    """What was not sent and goes to the caisse: nothing of it is lost."""
    parts = [count(commands, "changement non envoyé", "changements non envoyés")] if commands else []
    parts += [count(drafts, "brouillon")] if drafts else []
    return f"{' et '.join(parts)} remis à la caisse." if parts else ""
