"""A server that is a few dictionaries: it decides as the real one does, and can be restored from a backup."""

from __future__ import annotations

import copy
import json
from hashlib import blake2b, sha256
from pathlib import Path

from gca_tui.domain.apply import based
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar
from gca_tui.domain.command import Command, Context
from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.settings import Settings
from gca_tui.server.deciding import Course, decide, decide_again
from gca_tui.store import remote, sending
from gca_tui.store.location import prepare
from gca_tui.store.reading import end_snapshot, readings, take_lines
from gca_tui.store.receiving import positions, take_pages
from gca_tui.store.recovering import marks, recover
from gca_tui.store.writer import Writer
from gca_tui.wire import (
    Agent,
    Event,
    Mark,
    Page,
    Position,
    Push,
    Pushed,
    Result,
    SnapshotHead,
    SnapshotTail,
    sum64,
)
from tests.store.given import AT, TODAY, Key

SCOPE, OTHER = "681", "681/CONV"
NOT_APPLIED = ("conflict", "refused", "future")


def digest_of(rows: list[tuple[str, str, int, str]]) -> str:
    """What both sides add up."""
    return str(sum(sum64(*row) for row in rows) % (1 << 64))


class Server:
    """Corbeilles, dossiers, and answers given."""

    def __init__(self, context: Context, scopes: tuple[str, ...] = (SCOPE, OTHER)) -> None:
        self.context = context
        self.chains: dict[str, list[str]] = {scope: [""] for scope in scopes}
        self.dossiers: dict[Key, str] = {}
        self.where: dict[Key, str] = {}
        self.members: dict[tuple[str, Key], tuple[int, bool, str]] = {}
        self.answers: dict[str, Result] = {}
        self.quarantine: list[str] = []

    def add(self, number: int, scope: str = SCOPE) -> Key:
        """A new dossier of an invented person."""
        key = ("681", f"{number:07d}")
        allocataire = Allocataire(nom=f"NOM{number}", prenom="Zoé", adresse=f"{number} rue inventée")
        self.put(Dossier(caisse=key[0], matricule=key[1], allocataire=allocataire, rev=1), scope)
        return key

    def put(self, dossier: Dossier, scope: str = "", motif: str = "réaffecté") -> Mark:
        """A dossier as it is now, where it was or somewhere else."""
        key = (dossier.caisse, dossier.matricule)
        before = self.where.get(key, scope)
        scope = scope or before
        if scope != before:
            self.members[(before, key)] = (self._stir(before, "gone").seq, False, motif)
        self.dossiers[key] = dossier.to_json()
        self.where[key] = scope
        mark = self._stir(scope, self.dossiers[key])
        self.members[(scope, key)] = (mark.seq, True, "")
        return mark

    def drop(self, key: Key, motif: str) -> None:
        """A dossier that leaves for somewhere else."""
        scope = self.where.pop(key)
        del self.dossiers[key]
        self.members[(scope, key)] = (self._stir(scope, "gone").seq, False, motif)

    def act(self, command: Command) -> None:
        """Somebody else does something, having seen the dossier as it is."""
        dossier = Dossier.from_json(self.dossiers[(command.caisse, command.matricule)])
        outcome = decide(Course(dossier), based(command, dossier), self.context)
        assert outcome.status == "applied", outcome
        self.put(outcome.after)

    def _stir(self, scope: str, what: str) -> Mark:
        chain = self.chains[scope]
        chain.append(sha256(f"{chain[-1]}|{what}".encode()).hexdigest())
        return self.head(scope)

    def head(self, scope: str) -> Mark:
        """Where a corbeille stands."""
        return Mark(len(self.chains[scope]) - 1, self.chains[scope][-1])

    def holds(self, scope: str, mark: Mark) -> bool:
        """Whether a mark is of this history."""
        return mark.seq < len(self.chains[scope]) and self.chains[scope][mark.seq] == mark.h

    def backup(self) -> Server:
        """A copy to come back to."""
        made = Server(self.context)
        made.__dict__.update(copy.deepcopy({name: one for name, one in vars(self).items() if name != "context"}))
        return made

    def event(self, scope: str, key: Key) -> Event:
        """A dossier, or its leaving."""
        seq, present, motif = self.members[(scope, key)]
        if not present:
            return Event(caisse=key[0], matricule=key[1], seq=seq, gone=True, motif=motif)
        text = self.dossiers[key]
        rev = Dossier.from_json(text).rev
        return Event(caisse=key[0], matricule=key[1], seq=seq, rev=rev, h=_h(text), document=json.loads(text))

    def digest(self, scope: str) -> str:
        """The digest of a corbeille."""
        here = [key for key, where in self.where.items() if where == scope]
        return digest_of([(*key, Dossier.from_json(self.dossiers[key]).rev, _h(self.dossiers[key])) for key in here])

    def page(self, scope: str, position: Position, limit: int = 100) -> Page:
        """What moved in a corbeille."""
        if scope not in self.chains:
            return Page(error="scope", motif="La convention est terminée.")
        if not (self.holds(scope, position.cur) and self.holds(scope, position.seen)):
            return Page(error="lineage")
        moved = sorted((seq, key) for (one, key), (seq, _, _) in self.members.items() if one == scope)
        news = [(seq, key) for seq, key in moved if seq > position.cur.seq]
        head, more = self.head(scope), len(news) > limit
        cur = Mark(news[limit - 1][0], self.chains[scope][news[limit - 1][0]]) if more else head
        events = tuple(self.event(scope, key) for _, key in news[:limit])
        return Page(cur=cur, head=head, more=more, digest="" if more else self.digest(scope), events=events)

    def lines(self, scope: str, after: str = "", limit: int = 1000) -> list[str]:
        """A corbeille as lines."""
        keys = sorted(key for key, where in self.where.items() if where == scope)
        wanted = [key for key in keys if f"{key[0]}/{key[1]}" > after]
        sent = wanted[:limit]
        following = "/".join(sent[-1]) if len(wanted) > limit else ""
        lines = [SnapshotHead(cur=self.head(scope), count=len(keys)).model_dump_json()]
        for key in sent:
            said = self.event(scope, key).model_dump(mode="json", exclude={"document"})
            lines.append(f'{json.dumps(said)[:-1]}, "document":{self.dossiers[key]}}}')
        return [*lines, SnapshotTail(sent=len(sent), next=following).model_dump_json()]

    def push(self, push: Push) -> Pushed:
        """Decide of commands, all or none of each tx."""
        if any(scope in self.chains and not self.holds(scope, mark) for scope, mark in push.seen.items()):
            return Pushed(error="lineage")
        results: list[Result] = []
        for tx in dict.fromkeys(op.tx for op in push.ops):
            results += self._transaction([op for op in push.ops if op.tx == tx])
        keys = {(op.command["caisse"], op.command["matricule"]) for op in push.ops}
        dossiers: dict[str, tuple[Event, ...]] = {}
        for key in keys & self.where.keys():
            scope = self.where[key]
            dossiers[scope] = (*dossiers.get(scope, ()), self.event(scope, key))
        return Pushed(results=tuple(map(self._marked, results)), dossiers=dossiers)

    def _marked(self, result: Result) -> Result:
        return result.model_copy(update={"mark": self.head(result.scope)}) if result.scope else result

    def _transaction(self, ops: list) -> list[Result]:
        if all(op.command["id"] in self.answers for op in ops):
            return [self.answers[op.command["id"]] for op in ops]
        held = self.backup()
        results = [self._one(ANY_COMMAND.validate_python(op.command), op.acked_rev) for op in ops]
        stopped = next((one for one in results if one.status in NOT_APPLIED), None)
        if stopped:
            self.__dict__.update(held.__dict__)
            same = {"status": stopped.status, "code": "ensemble"}
            results = [one if one.status == stopped.status else one.model_copy(update=same) for one in results]
        self.answers.update({one.id: one for one in results if one.status != "future"})
        return results

    def _one(self, command: Command, acked_rev: int | None) -> Result:
        key = (command.caisse, command.matricule)
        if key not in self.where:
            self.quarantine.append(command.id)
            return Result(id=command.id, status="revoked")
        course = Course(Dossier.from_json(self.dossiers[key]))
        outcome = (
            decide_again(course, command, self.context, acked_rev)
            if acked_rev
            else decide(course, command, self.context)
        )
        if outcome.status in ("applied", "merged"):
            self.put(outcome.after)
        said = {"set": dict(outcome.set), "code": outcome.code, "reason": outcome.reason, "moved": outcome.moved}
        return Result(id=command.id, status=outcome.status, rev=outcome.after.rev, scope=self.where[key], **said)


def _h(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


class Client:
    """A store tied to such a server, and the steps of an exchange."""

    def __init__(self, folder: Path, server: Server, *scopes: str) -> None:
        self.server = server
        self.folder = folder
        self.writer = Writer(prepare(folder))
        tie = remote.Tie(
            url="https://gca.invalid",
            server="s",
            epoch="e",
            install="i",
            token="secret-a-taire",
            agent=Agent(identifiant="u1", nom="Zoé Inventée"),
            scopes=scopes or (SCOPE,),
        )
        self.run(lambda c: remote.put_tie(c, tie))
        self.read()

    def run(self, work):
        """Something in a transaction."""
        return self.writer.run(work).result()

    def read(self, limit: int = 1000) -> None:
        """Read what is to be read."""
        context = self.writer.context()
        for reading in self.run(readings):
            done = False
            while not done:
                lines = self.server.lines(reading.scope, reading.after, limit)
                reading = self.run(lambda c, r=reading, given=lines: take_lines(c, r.scope, given, context, AT))
                done = reading.complete
            self.run(lambda c, r=reading: end_snapshot(c, r.scope, AT))

    def pull(self, limit: int = 100):
        """One round; a server that was restored is followed."""
        asked = self.run(positions)
        pages = {scope: self.server.page(scope, position, limit) for scope, position in asked.items()}
        taken = self.run(lambda c: take_pages(c, pages, self.writer.context(), AT, asked))
        for scope, one in taken.items():
            if one.error == "lineage":
                known = self.run(lambda c, s=scope: marks(c, s))
                fork = next(mark for mark in known if self.server.holds(scope, mark))
                self.run(lambda c, s=scope, f=fork: recover(c, s, f, AT))
        self.read()
        return taken

    def push(self, *, lose: bool = False):
        """One batch; None when there is nothing to send."""
        batch = self.run(sending.next_batch)
        if batch is None:
            return None
        pushed = self.server.push(batch.push)
        return None if lose else self.settle(batch, pushed)

    def settle(self, batch, pushed):
        """Take an answer in."""
        return self.run(lambda c: sending.settle(c, batch, pushed, self.writer.context(), AT))

    def close(self) -> None:
        """End."""
        self.writer.close()


BARE = Context(TODAY, {METROPOLE: Calendar([]), ALSACE_MOSELLE: Calendar([])}, Settings())
"""What rules know where nothing is to be worked out."""
