"""Whatever comes in whatever order: the screen follows from mirror and commands, digests from dossiers, and all of
what was given ends on the server, in quarantine, or before a person.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gca_tui import clock
from gca_tui.domain.apply import replay
from gca_tui.domain.command import CommandRefused
from gca_tui.domain.commands import ANY_COMMAND, AddNote, CorrectContactDetails, HandBack, Take
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.errors import UnknownDossier
from gca_tui.ids import new_id
from gca_tui.store import leaving, lost, sending
from gca_tui.store.projection import project, search_words
from tests.store.given import AT, ME, NOW, Key, raw
from tests.store.pretend import BARE, OTHER, SCOPE, Client, Server, digest_of

LEA = Author(identifiant="u2", nom="Léa Inventée")
KEYS = [("681", f"{number:07d}") for number in range(1, 4)]
WHAT = st.sampled_from(["adresse", "commune", "note", "take", "back"])
LIVE = "state IN ('pending', 'in_flight')"
WORD = st.sampled_from(["a", "b", "c"])


def command(what: str, word: str, key: Key, author: Author):
    """Something somebody gives."""
    stamp = {"id": new_id(), "caisse": key[0], "matricule": key[1], "author": author, "at": AT}
    if what == "note":
        return AddNote(**stamp, texte=word)
    if what == "take":
        return Take(**stamp)
    if what == "back":
        return HandBack(**stamp, motif=word)
    return CorrectContactDetails(**stamp, **{what: word})


class Exchanges(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        os.environ[clock.FROZEN] = NOW
        self.folder = Path(tempfile.mkdtemp())
        self.server = Server(BARE)
        for number in range(1, 4):
            self.server.add(number)
        self.client = Client(self.folder / "gca", self.server, SCOPE, OTHER)
        self.context = self.client.writer.context()
        self.server.context = self.context
        self.given: set[str] = set()
        self.backup = None
        self.late = None

    def teardown(self) -> None:
        try:
            self._quiet()
        finally:
            self.client.close()
            shutil.rmtree(self.folder)

    @rule(key=st.sampled_from(KEYS), what=st.lists(WHAT, min_size=1, max_size=2), word=WORD)
    def give(self, key, what, word):
        commands = [command(one, word, key, ME) for one in what]
        try:
            self.client.writer.record(commands).result()
        except (CommandRefused, UnknownDossier):
            return
        self.given |= {one.id for one in commands}

    @rule(keys=st.permutations(KEYS), word=WORD)
    def give_on_two(self, keys, word):
        commands = [command("take", word, keys[0], ME), command("note", word, keys[1], ME)]
        try:
            self.client.writer.record(commands).result()
        except (CommandRefused, UnknownDossier):
            return
        self.given |= {one.id for one in commands}

    @rule()
    def undo(self):
        try:
            dropped = self.client.writer.undo().result()
        except CommandRefused:
            return
        self.given -= {one.id for one in dropped}

    @rule(key=st.sampled_from(KEYS), what=WHAT, word=WORD)
    def somebody_else(self, key, what, word):
        if key in self.server.where:
            try:
                self.server.act(command(what, word, key, LEA))
            except AssertionError:
                return

    @rule(lose=st.booleans())
    def push(self, lose):
        self.client.push(lose=lose)

    @rule()
    def push_and_keep_the_answer(self):
        batch = self.client.run(sending.next_batch)
        if batch:
            self.late = (batch, self.server.push(batch.push))

    @precondition(lambda self: self.late)
    @rule()
    def the_answer_comes(self):
        self.client.settle(*self.late)

    @rule(limit=st.integers(1, 3))
    def pull(self, limit):
        self.client.pull(limit)

    @rule(key=st.sampled_from(KEYS), scope=st.sampled_from([SCOPE, OTHER]))
    def move(self, key, scope):
        if self.server.where.get(key, scope) != scope:
            self.server.put(Dossier.from_json(self.server.dossiers[key]), scope)

    @rule(key=st.sampled_from(KEYS))
    def leave_or_come_back(self, key):
        if key in self.server.where:
            self.gone = self.server.dossiers[key]
            self.server.drop(key, "ailleurs")
        elif getattr(self, "gone", "") and Dossier.from_json(self.gone).matricule == key[1]:
            self.server.put(Dossier.from_json(self.gone), SCOPE)

    @rule()
    def back_up(self):
        self.backup = self.server.backup()

    @precondition(lambda self: self.backup)
    @rule()
    def restore(self):
        self.server.__dict__.update(self.backup.backup().__dict__)
        self.late = None

    @rule()
    def start_again(self):
        self.client.close()
        self.client.writer = type(self.client.writer)(self.client.writer.path)

    @invariant()
    def the_screen_follows(self):
        with raw(self.folder / "gca") as connection:
            sql = (
                "SELECT d.id, d.caisse, d.matricule, t.document, t.mirror, r.nom, r.notes FROM dossier d"
                " JOIN document t ON t.dossier_id = d.id JOIN recherche r ON r.rowid = d.id"
            )
            for row in connection.execute(sql).fetchall():
                self._follows(connection, *row)
            assert (
                connection.execute("SELECT count(*) FROM dossier").fetchone()
                == connection.execute("SELECT count(*) FROM synced").fetchone()
            )
            for scope, digest in connection.execute("SELECT scope, digest FROM corbeille").fetchall():
                rows = connection.execute("SELECT caisse, matricule, rev, h FROM synced WHERE scope = ?", (scope,))
                assert digest == digest_of(rows.fetchall())

    def _follows(self, connection, number, caisse, matricule, document, mirror, nom, notes):
        sql = (
            "SELECT command, reason FROM outbox WHERE caisse = ? AND matricule = ?"
            " AND state IN ('pending', 'in_flight') ORDER BY n"
        )
        live = [
            (ANY_COMMAND.validate_json(one), reason) for one, reason in connection.execute(sql, (caisse, matricule))
        ]
        assert (mirror is not None) == bool(live)
        ground = Dossier.from_json(mirror or document)
        known = {entry.id for entry in ground.history}
        shown, refused = replay(ground, [one for one, why in live if not why and one.id not in known], self.context)
        assert refused == ()
        assert shown == Dossier.from_json(document)
        columns = project(shown, self.context)
        (row,) = connection.execute(f"SELECT {', '.join(columns)} FROM dossier WHERE id = ?", (number,)).fetchall()
        assert dict(zip(columns, row, strict=True)) == columns
        assert (nom, notes) == search_words(shown)

    @invariant()
    def what_was_given_is_somewhere(self):
        with raw(self.folder / "gca") as connection:
            waiting = {row[0] for row in connection.execute("SELECT command_id FROM outbox")}
            acked = {row[0] for row in connection.execute("SELECT command_id FROM acked")}
            departed = connection.execute("SELECT coalesce(sum(commands), 0) FROM departure").fetchone()[0]
        assert len(self.given - waiting - acked) <= departed + self._renamed()

    def _renamed(self):
        """What a purge gave a new id, or took away with the dossier it was acknowledged on."""
        return len(self.given) if self.server.quarantine or self.server.members else 0

    def _quiet(self):
        for _ in range(12):
            self.client.pull(3)
            self.client.push()
            self.client.run(lambda c: lost.settle_lost(c, self.context, AT))
        leaving.scrub(self.client.writer.engine)
        with raw(self.folder / "gca") as connection:
            left = connection.execute(f"SELECT command FROM outbox WHERE {LIVE} AND lost_at = ''").fetchall()
            blocked = set(connection.execute("SELECT caisse, matricule FROM outbox WHERE lost_at <> ''").fetchall())
            sql = "SELECT caisse, matricule, coalesce(mirror, document) FROM document JOIN dossier ON id = dossier_id"
            held = {(row[0], row[1]): row[2] for row in connection.execute(sql)}
        stuck = [one for (one,) in left if _key(one) not in blocked]
        assert stuck == []
        assert held == self.server.dossiers


def _key(written: str) -> Key:
    one = ANY_COMMAND.validate_json(written)
    return one.caisse, one.matricule


Exchanges.TestCase.settings = settings(
    max_examples=int(os.environ.get("GCA_HISTOIRES", "12")),
    stateful_step_count=30,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.usefixtures("private_umask")
class TestExchanges(Exchanges.TestCase):
    """Random histories."""
