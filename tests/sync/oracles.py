"""What must hold of a server and of the machines that follow it: at each step, and once all is quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from gca_tui.domain.closing import unexplained
from gca_tui.domain.command import Context
from gca_tui.domain.commands import AddNote
from gca_tui.domain.dossier import CLOS, Dossier
from gca_tui.wire import MODULUS, SETTLED, sum64
from tests.sync.clients import Client, Typed
from tests.sync.server import Held

Key = tuple[str, str]
QUIET_STATES = frozenset({"conflict", "refused"})


def closing_rule_holds(held: Mapping[Key, Held], context: Context) -> None:
    """No closed dossier lacks an explanation it owes under these rules, the loosest that were in force (I8)."""
    for key, one in held.items():
        dossier = one.dossier
        if dossier.etat == CLOS:
            lacking = [letter.id for letter in dossier.notifications if unexplained(dossier, letter, context)]
            assert not lacking, ("closed without its explanation", key)


def notes_once(held: Mapping[Key, Held]) -> None:
    """No note is there twice (I3, I9)."""
    for key, one in held.items():
        for name in ("notes", "history"):
            ids = [item.id for item in getattr(one.dossier, name)]
            assert len(ids) == len(set(ids)), ("duplicate", name, key, ids)


def nothing_lost_silently(held: Mapping[Key, Held], typed: Mapping[str, Typed], sent_again: Iterable[str]) -> None:
    """Whoever replaced a value had seen who set it (I11); what was sent again after a restore has its own rule."""
    again = set(sent_again)
    for key, one in held.items():
        last: dict[str, tuple[str, str]] = {}
        for entry in one.dossier.history:
            for change in entry.changes:
                before = last.get(change.path)
                last[change.path] = (entry.id, change.after)
                if before is None or entry.id not in typed or before[0] not in typed or change.after == before[1]:
                    continue
                if entry.id in again or before[0] in again:
                    continue
                assert before[0] in typed[entry.id].saw, ("lost update", key, change.path, before, entry.id, change)


def nothing_vanished(client: Client, answered: Mapping[str, str], kept: Collection[str]) -> None:
    """Every command typed is in this machine's outbox, with the server, taken back, or set aside (I2)."""
    outbox, acked = client.outbox(), client.acked()
    left = set(client.typed) - client.gone - set(outbox) - acked
    here = client.keys()
    vanished = {name for name in left if name not in kept and (name not in answered or client.typed[name].key in here)}
    returned = {name for name in vanished if answered.get(name) in SETTLED}
    assert vanished == returned, ("vanished", client.name, vanished)
    twice = (client.gone & (set(outbox) | acked)) | (set(outbox) & acked)
    assert not twice, ("in two places", client.name, {name: outbox.get(name) for name in twice})


def one_place(client: Client, answered: Mapping[str, str], kept: Collection[str]) -> None:
    """Once all is quiet each command is in exactly one visible place (I2), and what was acknowledged is there (I1)."""
    outbox, acked = client.outbox(), client.acked()
    stuck = {name: state for name, state in outbox.items() if state not in QUIET_STATES}
    assert not stuck, ("stuck", client.name, stuck)
    for name, one in client.typed.items():
        where = {
            "outbox": name in outbox,
            "taken back": name in client.gone,
            "applied": answered.get(name) in SETTLED and name not in outbox,
            "quarantine": name in kept and name not in outbox,
        }
        places = [place for place, there in where.items() if there]
        assert len(places) == 1, ("places", client.name, name, places, one.command.kind, answered.get(name))
        assert name not in acked or places == ["applied"], ("acknowledged", client.name, name, places)


def said_and_done(client: Client, held: Mapping[Key, Held]) -> None:
    """What is shown as refused or in conflict is not in its dossier all the same (I2, I3)."""
    for name, state in client.outbox().items():
        one = client.typed.get(name)
        if state in QUIET_STATES and one is not None and one.key in held:
            done = {entry.id for entry in held[one.key].dossier.history}
            assert name not in done, ("said refused and applied", client.name, name, one.command.kind)


def notes_kept(client: Client, held: Mapping[Key, Held]) -> None:
    """Every note that the server acknowledged is in its dossier, once (I1, I3)."""
    acked = client.acked()
    for name, one in client.typed.items():
        key = (one.command.caisse, one.command.matricule)
        if isinstance(one.command, AddNote) and name in acked and key in held:
            ids = Counter(note.id for note in held[key].dossier.notes)
            assert ids[name] == 1, ("note", client.name, key, name, ids[name])


def same(client: Client, held: Mapping[Key, Held], scopes: Iterable[str], digests: Mapping[str, str]) -> None:
    """The machine has what the server has in its corbeilles, to the letter, and nothing else (I4, I5, I6)."""
    wanted = {key: (one.scope, one.rev, one.h, one.text) for key, one in held.items() if one.scope in set(scopes)}
    mirror = client.mirror()
    assert {k: v[:3] for k, v in mirror.items()} == {k: v[:3] for k, v in wanted.items()}, ("diverged", client.name)
    for key, found in mirror.items():
        assert Dossier.from_json(found[3]) == Dossier.from_json(wanted[key][3]), ("diverged", client.name, key)
    assert client.keys() == set(wanted), ("left behind", client.name, client.keys() ^ set(wanted))
    assert client.digests() == {scope: digests[scope] for scope in scopes}, ("digest", client.name)


def digests_of(held: Mapping[Key, Held]) -> dict[str, str]:
    """The digest of each corbeille, added up anew."""
    sums: Counter[str] = Counter()
    for key, one in held.items():
        sums[one.scope] += sum64(*key, one.rev, one.h)
    return {scope: str(total % MODULUS) for scope, total in sums.items()}
