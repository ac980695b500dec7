"""`gca attente`: what is not on the server, and what left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui.cli import french, store_path
from gca_tui.cli.output import say, say_json
from gca_tui.domain.french import count, typeset
from gca_tui.errors import GcaError

if TYPE_CHECKING:
    from gca_tui.store.driver import Connection
    from gca_tui.store.waiting import Departure, SyncState, Waiting

STATES = {
    "pending": "en attente",
    "in_flight": "en cours d’envoi",
    "conflict": "en conflit",
    "refused": "refusé",
    "revoked": "transmis à la caisse",
}
_SETTLED_BY_A_PERSON = ("conflict", "refused")
_ENVELOPE = frozenset({"kind", "id", "caisse", "matricule", "author", "at", "bases"})
EPILOG = (
    "Codes de retour : 0 rien n’est à trancher ; 1 quelque chose est refusé ou en conflit ; 3 données inutilisables."
)


@click.command("attente", cls=french.Command, epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON.")
@click.pass_obj
def command(folder: Path | None, as_json: bool) -> int:
    """Ce qui attend d’être envoyé, ce qui est refusé ou en conflit, avec les textes ; les dossiers partis."""
    from gca_tui.store import waiting
    from gca_tui.store.schema import open_reader

    with closing(open_reader(store_path(folder))) as connection:
        state, listed, gone = _read(connection, waiting)
        told = [_item(connection, one, waiting) for one in listed]
    if as_json:
        say_json({"etat": _how_it_goes(state), "commandes": told, "departs": [_departure(one) for one in gone]})
    else:
        for line in _lines(state, told, gone, {one.command_id: one.command for one in listed}):
            say(line)
        if state.departures:
            _note_seen(store_path(folder))
    return 1 if any(one.state in _SETTLED_BY_A_PERSON for one in listed) else 0


def _note_seen(path: Path) -> None:
    """The agent was told of what left. Where that cannot be noted now, it is said as new once more."""
    from gca_tui.store import leaving
    from gca_tui.store.writer import Writer

    with suppress(GcaError), closing(Writer(path)) as writer:
        writer.run(leaving.seen).result()


def _read(connection: Connection, waiting: Any) -> tuple[SyncState, list[Waiting], list[Departure]]:
    return waiting.sync_state(connection), waiting.waiting_list(connection), waiting.departures(connection)


def _item(connection: Connection, one: Waiting, waiting: Any) -> dict[str, Any]:
    """A command, its texts, and the fields in conflict."""
    command: dict[str, Any] = json.loads(one.command)
    fields = waiting.conflict_fields(connection, one.command_id) if one.state == "conflict" else ()
    return {
        "id": one.command_id,
        "caisse": one.caisse,
        "matricule": one.matricule,
        "nom": one.nom,
        "nature": command.get("kind", ""),
        "le": command.get("at", ""),
        "etat": one.state,
        "code": one.code,
        "raison": one.reason,
        "essais": one.attempts,
        "contenu": {
            name: value for name, value in command.items() if name not in _ENVELOPE and value not in (None, "")
        },
        "conflits": [
            {"champ": field.path, "base": field.base, "moi": field.mine, "serveur": field.server, "par": field.by}
            for field in fields
        ],
    }


def _departure(one: Departure) -> dict[str, Any]:
    return {
        "caisse": one.caisse,
        "matricule": one.matricule,
        "motif": one.motif,
        "le": one.at,
        "commandes": one.commands,
        "brouillons": one.drafts_left,
    }


def _how_it_goes(state: SyncState) -> dict[str, Any]:
    return {
        "relie": state.tied,
        "adresse": state.url,
        "hors_ligne_depuis": state.offline_since or None,
        "dernier_contact": state.last_contact or None,
        "probleme": state.problem or None,
        "dit": state.words or None,
        "retraits_a_confirmer": [
            {"corbeille": ask.scope, "retires": ask.removed, "sur": ask.total} for ask in state.asks
        ],
    }


def _lines(
    state: SyncState, told: list[dict[str, Any]], gone: list[Departure], commands: dict[str, str]
) -> Iterator[str]:
    if not state.tied:
        yield typeset("Ce poste n’est relié à aucun serveur : rien n’attend d’être envoyé.")
    elif not told:
        yield typeset("Rien n’attend : tout est sur le serveur.")
    if state.words:
        yield typeset(state.words)
    for item in told:
        yield from _item_lines(item, commands[item["id"]])
    if gone:
        yield typeset(f"{count(len(gone), 'dossier parti', 'dossiers partis')} :")
    for one in gone:
        yield typeset(f"  {one.caisse}·{one.matricule} : {_why_gone(one)}")


def _why_gone(one: Departure) -> str:
    """The reason, and the work that went to the caisse's quarantine."""
    work = [
        count(one.commands, "saisie transmise", "saisies transmises") if one.commands else "",
        count(one.drafts_left, "brouillon transmis", "brouillons transmis") if one.drafts_left else "",
    ]
    sent = ", ".join(filter(None, work))
    return f"{one.motif} ({sent})" if sent else one.motif


def _item_lines(item: dict[str, Any], command: str) -> Iterator[str]:
    from gca_tui.presentation.given import kind_words, told_lines

    what = kind_words(item["nature"])
    said = f"{STATES.get(item['etat'], item['etat'])} — {item['caisse']}·{item['matricule']} {item['nom']} — {what}"
    yield typeset(f"{said} : {item['raison']}" if item["raison"] else said)
    for line in told_lines(json.loads(command), "  "):
        yield f"  {line}"
    for field in item["conflits"]:
        yield from _field_lines(field)


def _field_lines(field: dict[str, Any]) -> Iterator[str]:
    """A field in conflict: what stood there, and the two values that were given since."""
    from gca_tui.domain.paths import steps
    from gca_tui.presentation.given import value_text
    from gca_tui.presentation.kinds import path_name

    yield typeset(f"  En conflit : {path_name(field['champ'])}")
    theirs = f"serveur ({field['par']})" if field["par"] else "serveur"
    for who, value in (("avant", field["base"]), ("moi", field["moi"]), (theirs, field["serveur"])):
        first, *others = value_text(value, steps(field["champ"])[-1]).splitlines() or ["(rien)"]
        yield f"{typeset(f'    {who} :')} {first}"
        for line in others:
            yield f"      {line}"
