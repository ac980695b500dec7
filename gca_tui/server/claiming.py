"""Claims: who took a dossier and until when, by this server's clock alone.

Every change is made under the lock of the dossier's row, so that what is read there still holds when it is written: at
most one agent has a dossier. The number grows with each taking; who shows an older one has lost it. A change is an
entry of the corbeille's journal, so that pulls carry it; where a command ends a claim, the command's own entry does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, tuple_

from gca_tui import clock
from gca_tui.server.access import Who, again
from gca_tui.server.among import among
from gca_tui.server.chain import Entry
from gca_tui.server.laying import stir
from gca_tui.server.leases import ENDED, LONGEST, Mode, Standing, instant, put, standings
from gca_tui.server.roles import may
from gca_tui.server.tables import CLAIM, DOSSIER
from gca_tui.wire import Claim, Claims, Denied, Granted, Key, Next, Renew

if TYPE_CHECKING:
    from gca_tui.server.service import Service

TAKE = "take"
"""The command that a role must be allowed to give."""
Place = tuple[str, int]
"""The corbeille and the revision of a dossier."""
_KEY = tuple_(DOSSIER.c.caisse, DOSSIER.c.matricule)


def claim(service: Service, who: Who, asked: Claim) -> Claims:
    """Take these dossiers, the next one, or a lot: what was taken, and what somebody else has."""
    return _done(service, who, lambda taking: taking.claim(asked))


def renew(service: Service, who: Who, asked: Renew, tokens: Mapping[Key, int]) -> Claims:
    """Keep dossiers longer, or give them back: those of `tokens`, each with its number."""
    return _done(service, who, lambda taking: taking.renew(asked, tokens))


def _done(service: Service, who: Who, work: Callable[[_Taking], Claims]) -> Claims:
    """Do it in one transaction, then wake those who wait for these corbeilles to move."""

    def transaction(connection: Connection) -> tuple[Claims, frozenset[str]]:
        taking = _Taking(service, connection, who)
        return work(taking), frozenset(taking.moved)

    answer, moved = service.base.writing(transaction)
    service.bell.ring(moved)
    return answer


class _Taking:
    """One transaction: rights are read again inside it, dossiers are locked in the order of their keys."""

    def __init__(self, service: Service, connection: Connection, who: Who) -> None:
        self._service = service
        self._connection = connection
        self._now = service.now()
        self._who = again(connection, who, self._now)
        self._scopes = self._who.scopes if may(self._who.agent.role, TAKE) else ()
        self.moved: set[str] = set()

    def claim(self, asked: Claim) -> Claims:
        if asked.lot:
            wanted = Next(scopes=asked.lot.scopes, nature=asked.lot.nature)
            return self._free(wanted, asked.lot.number, "lot", asked.seconds)
        if asked.next:
            return self._free(asked.next, 1, "work", asked.seconds)
        seen = self._locked(asked.ids)
        last = standings(self._connection, seen)
        denied = [Denied(caisse=key[0], matricule=key[1]) for key in dict.fromkeys(asked.ids) if key not in seen]
        taken = []
        for key in seen:
            if (other := last.get(key)) and self._is_others(other):
                denied.append(self._denied(other))
            else:
                taken.append(self._taken(key, last.get(key), "work", asked.seconds))
        return Claims(granted=self._write(taken, seen), denied=tuple(denied))

    def renew(self, asked: Renew, tokens: Mapping[Key, int]) -> Claims:
        seen = self._locked(tokens)
        last = standings(self._connection, seen)
        kept, denied = [], []
        for key, token in tokens.items():
            one = last.get(key) if key in seen else None
            if one and one.agent == self._who.agent.identifiant and one.token == token and one.until != ENDED:
                kept.append(replace(one, until=ENDED) if asked.release else self._longer(one, one.mode, asked.seconds))
            elif one and self._is_others(one):
                denied.append(self._denied(one))
            else:
                denied.append(Denied(caisse=key[0], matricule=key[1]))
        granted = self._write(kept, seen)
        return Claims(granted=() if asked.release else granted, denied=tuple(denied))

    def _free(self, wanted: Next, number: int, mode: Mode, seconds: int) -> Claims:
        """The first dossiers, in the order of work, that nobody has.

        A dossier that somebody took after this statement began may be among those it finds, its row free again: who
        has them is asked once more now that they are locked.
        """
        scopes = [one for one in self._scopes if one in wanted.scopes or not wanted.scopes]
        passed = {Key(*key) for key in wanted.passed}
        taken: list[Standing] = []
        where: dict[Key, Place] = {}
        while len(taken) < number and scopes:
            found = self._pick(scopes, wanted.nature, passed, number - len(taken))
            if not found:
                break
            last = standings(self._connection, found)
            passed |= set(found)
            where |= found
            free = [key for key in found if not ((one := last.get(key)) and one.is_live(self._now))]
            taken += [self._taken(key, last.get(key), mode, seconds) for key in free]
        return Claims(granted=self._write(taken, where))

    def _pick(self, scopes: Sequence[str], nature: str, passed: set[Key], number: int) -> dict[Key, Place]:
        """Free dossiers, locked; on PostgreSQL those that somebody else is about to take are stepped over."""
        found: dict[Key, Place] = {}
        for segment in self._segments():
            wanted = self._workable(scopes, nature, passed).where(*segment).limit(number - len(found))
            rows = self._connection.execute(wanted.with_for_update(of=DOSSIER, skip_locked=True))
            found |= {Key(caisse, matricule): (scope, rev) for caisse, matricule, scope, rev in rows}
            if len(found) >= number:
                break
        return found

    def _segments(self) -> Iterator[tuple[ColumnElement[bool], ColumnElement[bool]]]:
        """The order of work, cut where the index has it: class by class, what is overdue first."""
        today = clock.local(self._now).date().isoformat()
        for classe in range(3):
            yield DOSSIER.c.classe == classe, DOSSIER.c.echeance < today
            yield DOSSIER.c.classe == classe, DOSSIER.c.echeance >= today

    def _workable(self, scopes: Sequence[str], nature: str, passed: set[Key]) -> Select[str, str, str, int]:
        """What is open, or waited long enough, that nobody has: as the client's own corbeille, in its order."""
        today = clock.local(self._now).date().isoformat()
        waits = and_(DOSSIER.c.statut == "en_attente", DOSSIER.c.attente_jusqu > today)
        same = and_(CLAIM.c.caisse == DOSSIER.c.caisse, CLAIM.c.matricule == DOSSIER.c.matricule)
        has = select(1).select_from(CLAIM).where(same, CLAIM.c.until > instant(self._now)).exists()
        found = select(DOSSIER.c.caisse, DOSSIER.c.matricule, DOSSIER.c.scope, DOSSIER.c.rev).where(
            DOSSIER.c.scope.in_(scopes),
            DOSSIER.c.statut.not_in(("clos", "transmis")),
            ~waits,
            DOSSIER.c.holder.in_(("", self._who.agent.identifiant)),
            ~has,
        )
        if nature:
            found = found.where(func.replace(DOSSIER.c.natures, f"|{nature}|", "") != DOSSIER.c.natures)
        if passed:
            found = found.where(_KEY.not_in(sorted(passed)))
        return found.order_by(DOSSIER.c.recue_le, DOSSIER.c.caisse, DOSSIER.c.matricule)

    def _locked(self, keys: Collection[Key]) -> dict[Key, Place]:
        """Those of the dossiers that the agent may see, locked, with their corbeille and revision."""
        if not keys or not self._scopes:
            return {}
        seen = and_(among(DOSSIER.c.caisse, DOSSIER.c.matricule, keys), DOSSIER.c.scope.in_(self._scopes))
        wanted = select(DOSSIER.c.caisse, DOSSIER.c.matricule, DOSSIER.c.scope, DOSSIER.c.rev).where(seen)
        rows = self._connection.execute(wanted.order_by(DOSSIER.c.caisse, DOSSIER.c.matricule).with_for_update())
        return {Key(row[0], row[1]): (row[2], row[3]) for row in rows}

    def _taken(self, key: Key, last: Standing | None, mode: Mode, seconds: int) -> Standing:
        """A taking: a number never given before, and what is left of a longer lease of the same agent."""
        agent = self._who.agent
        new = Standing(*key, agent.identifiant, agent.nom, self._who.install, 1, ENDED, mode)
        if last is None:
            return self._longer(new, mode, seconds)
        own = last.agent == agent.identifiant and last.is_live(self._now)
        new = replace(new, token=last.token + 1, until=last.until if own else ENDED)
        return self._longer(new, last.mode if own and last.mode == "lot" else mode, seconds)

    def _longer(self, one: Standing, mode: Mode, seconds: int) -> Standing:
        """The lease, from now on; a longer one that this mode allows is not cut."""
        longest = instant(self._now + timedelta(seconds=LONGEST[mode]))
        asked = instant(self._now + timedelta(seconds=min(seconds, LONGEST[mode])))
        return replace(one, mode=mode, until=min(longest, max(asked, one.until)))

    def _is_others(self, one: Standing) -> bool:
        return one.agent != self._who.agent.identifiant and one.is_live(self._now)

    def _denied(self, one: Standing) -> Denied:
        return Denied(caisse=one.caisse, matricule=one.matricule, nom=one.nom, lease=one.lease(self._now))

    def _write(self, changed: Sequence[Standing], where: dict[Key, Place]) -> tuple[Granted, ...]:
        """Write takings and releases with their entries; corbeilles are locked last."""
        if not changed:
            return ()
        put(self._connection, changed)
        entries: dict[str, list[Entry]] = {}
        for one in changed:
            scope, rev = where[one.key]
            entries.setdefault(scope, []).append(self._entry(one, rev))
        stir(self._connection, entries)
        self.moved |= set(entries)
        return tuple(
            Granted(
                caisse=one.caisse,
                matricule=one.matricule,
                token=one.token,
                lease=one.lease(self._now),
                mode=one.mode,
            )
            for one in changed
        )

    def _entry(self, one: Standing, rev: int) -> Entry:
        body = json.dumps({"token": one.token, "until": one.until, "mode": one.mode}, separators=(",", ":"))
        at = self._now.isoformat()
        return Entry("claim", one.caisse, one.matricule, rev, at, body, agent=self._who.agent.identifiant)
