"""One transaction of a push, in one of the base: what is known already, what is in sight, what becomes of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from gca_tui.domain.french import typeset
from gca_tui.server import leases, seals
from gca_tui.server.access import NO_RIGHT, Who
from gca_tui.server.chain import Entry, holds
from gca_tui.server.deciding import Course, Outcome, decide, decide_again, follow, still_replayed
from gca_tui.server.events import claim_of
from gca_tui.server.laying import GONE, Change, Stored, lay_whole, stored, upsert
from gca_tui.server.receiving import LATER, Given, journaled, refused
from gca_tui.server.roles import TRACES
from gca_tui.server.service import Service
from gca_tui.server.tables import JOURNAL, OP_RESULT, QUARANTINE
from gca_tui.wire import SETTLED, Event, Key, Mark, Push, Result, Status

SAID_AGAIN = "identifiant_reutilise"
TOGETHER = "ensemble"
"""The code of what was not applied because of another command of its transaction."""
UNKEPT = frozenset({"future", "waiting"})
"""Answers that are not kept: the same command is sent again, and may then be applied."""
DOCUMENT = 2_000_000
"""Characters of a dossier's document from which nothing is added: clients must still be able to read it."""
FULL = typeset("Ce dossier a trop grossi pour recevoir autre chose : prévenez l’administrateur.")
ENDING = frozenset({"hand_back", "close", "report_suspicion"})
"""Kinds after which the agent's claim is over."""
_PUT_ASIDE = upsert("quarantine", ("id",), tuple(QUARANTINE.c.keys()))


@dataclass
class Settled:
    """What one transaction made: a result a command, dossiers to tell of by corbeille, the corbeilles that moved."""

    results: list[Result]
    told: dict[str, dict[Key, Event]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)


class Settling:
    """One transaction, by an agent whose rights were read in it. Dossiers are locked before anything is decided."""

    def __init__(self, service: Service, connection: Connection, who: Who, pushed: Push) -> None:
        self._connection = connection
        self._pushed = pushed
        self._now = service.now()
        self._who = who
        self._context = service.context_of(self._who.settings)
        self._seal_key = service.seal_key(connection, who.epoch)
        self._found: dict[Key, Stored] = {}
        self._claims: dict[Key, leases.Standing] = {}

    def settle(self, given: Sequence[Given], blocked: Collection[Key]) -> Settled:
        """Apply the commands, or none of them."""
        self._found = stored(self._connection, {one.key for one in given if one.key.caisse})
        self._claims = leases.standings(self._connection, self._found) if self._found else {}
        known = self._known(given)
        fresh = [one for one in given if one.id not in known]
        made = self._fresh(fresh, list(known.values()), blocked) if fresh else {}
        settled = Settled([known.get(one.id) or made[one.id] for one in given])
        for key, one in self._found.items():
            if self._sees(key):
                settled.told.setdefault(one.scope, {})[key] = self._event(one)
        if any(result.status in SETTLED for result in made.values()):
            settled.moved = {self._found[one.key].scope for one in fresh}
        return settled

    def _known(self, given: Sequence[Given]) -> dict[str, Result]:
        """What was answered to those of the commands that came before."""
        ids = [one.id for one in given if one.id]
        found = select(OP_RESULT).where(OP_RESULT.c.command_id.in_(ids))
        rows = {row.command_id: row for row in self._connection.execute(found)}
        return {one.id: self._answered(one, rows[one.id]) for one in given if one.id in rows}

    def _answered(self, one: Given, row: Any) -> Result:
        if (row.agent, row.body_sha) != (self._who.agent.identifiant, one.sha):
            return _said_again(one.id)
        return Result.model_validate_json(row.result).model_copy(update={"replayed": True})

    def _sees(self, key: Key) -> bool:
        found = self._found.get(key)
        return found is not None and found.scope in self._who.scopes

    def _fresh(self, given: Sequence[Given], known: Sequence[Result], blocked: Collection[Key]) -> dict[str, Result]:
        """What becomes of commands that never came before, by their ids."""
        if any(one.key in blocked for one in given):
            return {one.id: Result(id=one.id, status="waiting") for one in given}
        if len({one.id for one in given}) < len(given):
            return {one.id: _said_again(one.id) for one in given}
        if lost := next((one for one in given if one.key.caisse and not self._sees(one.key)), None):
            return self._put_aside(given, lost)
        stopping = next((one for one in known if one.status not in SETTLED), None)
        stopping = stopping or next((one.refused for one in given if one.refused), None)
        if stopping:
            return self._keep(given, _all_as(given, stopping))
        return self._keep(given, self._decide(given))

    def _put_aside(self, given: Sequence[Given], lost: Given) -> dict[str, Result]:
        """Keep the work of somebody who lost the right, for the caisse that owns the dossier."""
        found = self._found.get(lost.key)
        motif = self._who.motif(found.scope) if found else NO_RIGHT
        at = self._now.isoformat()
        for one in given:
            row = {"id": one.id, "agent": self._who.agent.identifiant, "kind": one.kind, "body": one.as_sent()}
            place = {"caisse": one.key.caisse or lost.key.caisse, "matricule": one.key.matricule}
            self._connection.execute(_PUT_ASIDE, {**row, **place, "motif": motif, "at": at, "seen_by": ""})
        said = {one.id: Result(id=one.id, status="revoked", code="revoque", reason=motif) for one in given}
        return self._keep(given, said)

    def _decide(self, given: Sequence[Given]) -> dict[str, Result]:
        """Apply one after the other; the first that cannot be stops all of them."""
        courses = {key: self._course(one) for key, one in self._found.items()}
        entries: dict[Key, list[Entry]] = {key: [] for key in courses}
        results: dict[str, Result] = {}
        for one in given:
            assert one.command is not None
            course = courses[one.key]
            outcome = self._outcome(course, one)
            result = _result(one.id, outcome)
            if result.status not in SETTLED:
                return _all_as(given, result)
            follow(course, outcome, again=bool(self._again_at(one)))
            entries[one.key].append(self._entry(one, outcome))
            results[one.id] = result
        return self._lay(given, courses, entries, results)

    def _course(self, one: Stored) -> Course:
        seen = self._pushed.seen.get(one.scope)
        moved = seen is not None and one.seq > seen[0]
        return Course(one.dossier, dict(one.replayed), moved, self._since_fork(one))

    def _outcome(self, course: Course, one: Given) -> Outcome:
        assert one.command is not None
        if len(self._found[one.key].document) + len(one.as_sent()) > DOCUMENT:
            return Outcome("refused", course.dossier, code="dossier_plein", reason=FULL)
        if acked_rev := self._again_at(one):
            return decide_again(course, one.command, self._context, acked_rev)
        last = self._claims.get(one.key)
        if last and one.kind not in TRACES and self._is_lost(last, one):
            return Outcome("refused", course.dossier, code="claim_perdu", reason=leases.claim_words(last, self._now))
        return decide(course, one.command, self._context)

    def _again_at(self, one: Given) -> int:
        """The revision that this server gave a command in a history it has lost; 0 for any other command."""
        said = one.operation
        agent = self._who.agent.identifiant
        if said.acked_rev and seals.is_genuine(said.seal, self._seal_key, agent, one.id, one.sha, said.acked_rev):
            return said.acked_rev
        return 0

    def _sealed(self, one: Given, result: Result) -> str:
        rev = self._again_at(one) if result.status == "superseded" else result.rev
        return seals.seal(self._seal_key, self._who.agent.identifiant, one.id, one.sha, rev)

    def _is_lost(self, last: leases.Standing, one: Given) -> bool:
        return leases.lost(last, self._who.agent.identifiant, one.operation.token, self._now)

    def _since_fork(self, one: Stored) -> Callable[[], frozenset[int]] | None:
        """The dossier's revisions that are newer than what its client and this server last had in common."""
        fork = self._pushed.forks.get(one.scope)
        if fork is None:
            return None

        @lru_cache(maxsize=1)
        def since() -> frozenset[int]:
            if not holds(self._connection, one.scope, [Mark(*fork)]):
                return frozenset(range(one.rev + 1))
            here = and_(JOURNAL.c.scope == one.scope, JOURNAL.c.seq > fork[0], JOURNAL.c.kind.not_in((GONE, "claim")))
            its = and_(JOURNAL.c.caisse == one.caisse, JOURNAL.c.matricule == one.matricule)
            return frozenset(row[0] for row in self._connection.execute(select(JOURNAL.c.rev).where(here, its)))

        return since

    def _entry(self, one: Given, outcome: Outcome) -> Entry:
        assert one.command is not None
        return Entry(
            kind=one.kind,
            caisse=one.key.caisse,
            matricule=one.key.matricule,
            rev=outcome.after.rev,
            at=self._now.isoformat(),
            body=journaled(one, one.command, outcome.status),
            command_id=one.id,
            agent=self._who.agent.identifiant,
        )

    def _lay(
        self,
        given: Sequence[Given],
        courses: dict[Key, Course],
        entries: dict[Key, list[Entry]],
        results: dict[str, Result],
    ) -> dict[str, Result]:
        """Write all of it, the corbeilles last."""
        self._end_claims(given)
        changes = [
            Change(
                self._found[key],
                course.dossier,
                tuple(entries[key]),
                self._found[key].scope,
                "",
                still_replayed(course),
            )
            for key, course in courses.items()
            if entries[key]
        ]
        laid = lay_whole(self._connection, changes, self._context)
        for key, (now, _) in laid.items():
            self._found[key] = now
        return {
            one.id: results[one.id].model_copy(
                update={
                    "scope": laid[one.key][0].scope,
                    "mark": laid[one.key][1],
                    "seal": self._sealed(one, results[one.id]),
                }
            )
            for one in given
        }

    def _end_claims(self, given: Iterable[Given]) -> None:
        me = self._who.agent.identifiant
        for one in given:
            last = self._claims.get(one.key)
            if one.kind in ENDING and last and last.agent == me and last.is_live(self._now):
                leases.ended(self._connection, one.key, me)
                del self._claims[one.key]

    def _keep(self, given: Sequence[Given], results: dict[str, Result]) -> dict[str, Result]:
        """Keep the answers, so that the same command, sent again, changes nothing and gets the same one."""
        if any(one.status in UNKEPT or one.code in LATER for one in results.values()):
            return results
        rows = [
            {
                "command_id": one.id,
                "install": self._who.install,
                "agent": self._who.agent.identifiant,
                "body_sha": one.sha,
                "result": results[one.id].model_dump_json(exclude_defaults=True),
                "at": self._now.isoformat(),
            }
            for one in given
            if one.id
        ]
        self._connection.execute(insert(OP_RESULT), rows)
        return results

    def _event(self, one: Stored) -> Event:
        return Event(
            caisse=one.caisse,
            matricule=one.matricule,
            seq=one.seq,
            rev=one.rev,
            h=one.h,
            document=json.loads(one.document),
            claim=claim_of(self._claims.get(one.key), self._who, self._now),
        )


def _result(name: str, outcome: Outcome) -> Result:
    return Result(
        id=name,
        status=outcome.status,
        rev=outcome.after.rev,
        set=dict(outcome.set),
        code=outcome.code,
        reason=outcome.reason,
        moved=outcome.moved,
    )


def _all_as(given: Sequence[Given], stopping: Result) -> dict[str, Result]:
    """The one that stopped the others says why, and they say that they were given with it."""
    status: Status = stopping.status
    return {
        one.id: stopping if one.id == stopping.id else Result(id=one.id, status=status, code=TOGETHER) for one in given
    }


def _said_again(name: str) -> Result:
    return refused(name, SAID_AGAIN, "Ce changement porte le numéro d’un autre : il n’a pas été appliqué.")
