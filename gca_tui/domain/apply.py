"""The one function that changes a dossier, and what is built on it: bases, replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands.extract import ReceiveExtract
from gca_tui.domain.dossier import OUVERT, Dossier
from gca_tui.domain.french import euros, short_date
from gca_tui.domain.paths import appends, read, write_all
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Base, Change, HistoryEntry, trusted

SHOWN = 80
"""Characters of a value kept in the history; long texts are kept where they are, not twice."""

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_LISTS = ("pieces", "notifications")
_ENTRY = {"id", "kind", "author", "at", "changes"}


def apply(dossier: Dossier | None, command: Command, context: Context) -> Dossier:
    """The dossier after the command; the same object when the command changes nothing.

    Without a dossier only an extract can make one. Raises CommandRefused, and nothing else.
    """
    if dossier is None:
        if not isinstance(command, ReceiveExtract):
            raise CommandRefused("dossier_inconnu", f"Le dossier {command.key.label} n’est pas dans ce poste.")
        return _first(command, context)
    return written(dossier, command, intended(dossier, command, context), context)


def intended(dossier: Dossier, command: Command, context: Context) -> Mapping[str, Any]:
    """What the command would set, by path; nothing when it changes nothing. Raises CommandRefused."""
    if (dossier.caisse, dossier.matricule) != (command.caisse, command.matricule):
        raise CommandRefused("autre_dossier", f"Cette commande est pour le dossier {command.key.label}.")
    command.check(dossier, context)
    changes = command.changes(dossier, context)
    if changes and any(entry.id == command.id for entry in dossier.history):
        raise CommandRefused("deja_applique", "Cette commande est déjà dans le dossier.")
    return changes


def intended_again(dossier: Dossier, command: Command, context: Context) -> Mapping[str, Any]:
    """What a command would set that a server, restored from a backup since, had already applied once.

    What was done after it may be back before it: where that closed the dossier or put it aside, it is looked at as it
    was, open. Items that are there already are left. Raises CommandRefused.
    """
    try:
        changes = intended(dossier, command, context)
    except CommandRefused:
        opened = dossier.model_copy(update={"statut": OUVERT})
        changes = intended(opened, command, context)
    return {name: new for name, new in changes.items() if not _is_item(dossier, name)}


def _is_item(dossier: Dossier, name: str) -> bool:
    """Whether an item of a list stands at that path."""
    parent, dot, _ = name.rpartition(".")
    return bool(dot) and isinstance(read(dossier, parent), tuple) and not appends(dossier, name)


def written(
    dossier: Dossier, command: Command, changes: Mapping[str, Any], context: Context, acked_rev: int = 0
) -> Dossier:
    """The dossier with what `intended` says; the same object when that is nothing.

    `acked_rev` is the revision that these changes had on a server before it was restored: they get it again, so that
    of two of them the later one stays whichever comes back first.
    """
    if not changes:
        return dossier
    rev = dossier.rev + 1
    set_now = {name: acked_rev or rev for name in changes if not appends(dossier, name)}
    entry = _entry(command, _shown_changes(dossier, changes))
    after = {
        "rev": max(rev, acked_rev),
        "revisions": {**dossier.revisions, **set_now},
        "history": (*dossier.history, entry)[-context.settings.history_limit :],
    }
    return write_all(dossier, changes, after)


def _first(command: ReceiveExtract, context: Context) -> Dossier:
    """What applying the command to a blank dossier gives, in half the time: an import does little else."""
    said = command.first(context)
    key = {"caisse": command.caisse, "matricule": command.matricule}
    if not said:
        return Dossier(**key)
    set_now = {name: 1 for name in said if name not in _LISTS}
    after = {"rev": 1, "revisions": set_now, "history": (_entry(command, ()),)}
    return trusted(Dossier, {**key, **said, **after}, {*key, *said, *after})


def _entry(command: Command, changes: tuple[Change, ...]) -> HistoryEntry:
    said = {"id": command.id, "kind": command.kind, "author": command.author, "at": command.at, "changes": changes}
    return trusted(HistoryEntry, said, _ENTRY)


def based(command: Command, dossier: Dossier) -> Command:
    """The command with, for each field it sets, the revision and the value its author sees in this dossier."""
    bases = {
        name: Base(rev=dossier.revisions.get(name, 0), value=_ANY.dump_python(read(dossier, name), mode="json"))
        for name in command.writes()
        if not appends(dossier, name)
    }
    return command.model_copy(update={"bases": bases})


def replay(
    dossier: Dossier, commands: Iterable[Command], context: Context
) -> tuple[Dossier, tuple[tuple[Command, CommandRefused], ...]]:
    """The dossier after these commands, and those refused on the way: a refusal never stops the later ones."""
    refused = []
    for command in commands:
        try:
            dossier = apply(dossier, command, context)
        except CommandRefused as refusal:
            refused.append((command, refusal))
    return dossier, tuple(refused)


def _shown_changes(dossier: Dossier, changes: Mapping[str, Any]) -> tuple[Change, ...]:
    """What the history says of each change; of a dossier's first extract, where all is new, nothing in detail."""
    if dossier.rev == 0:
        return ()
    return tuple(
        Change(path=name)
        if appends(dossier, name)
        else Change(path=name, before=_shown(read(dossier, name)), after=_shown(new))
        for name, new in changes.items()
    )


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Montants):
        return f"reçu {_amount(value.verse)}, droit {_amount(value.du)}"
    if isinstance(value, str | int):
        text = str(value)
        return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return str(getattr(value, "etat", ""))


def _amount(cents: int | None) -> str:
    return "inconnu" if cents is None else euros(cents)
