"""Commands on the store: done, undone, refused, folded in, with an import in between, by two programs on one file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gca_tui.domain.apply import apply
from gca_tui.domain.command import Command, CommandRefused
from gca_tui.domain.commands import AddNote, FlagUrgence, ReceiveExtract, Take
from gca_tui.domain.dossier import Dossier
from gca_tui.errors import StoreBusy, UnknownDossier
from gca_tui.store import engine, journal, loading
from gca_tui.store.drafts import Place
from gca_tui.store.importing import load_all
from gca_tui.store.loading import Given
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from tests.store.given import AT, ME, TODAY, Key, note, raw, window, writing
from tests.store.ledger import check, documents, settled
from tests.strategies import AGENT_KINDS, commands, extract_fields

KEYS = [("681", "0000001"), ("681", "0000002")]


def newer(key: Key, name: str, **fields: Any) -> ReceiveExtract:
    """A newer extract of a dossier."""
    return ReceiveExtract(id=name, caisse=key[0], matricule=key[1], author=ME, at=AT, **{"le": TODAY, **fields})


class Life(RuleBasedStateMachine):
    """Two sittings on one store, and an import that one of them prepares, shows or gives up."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(shutil.copytree(self.template, Path(mkdtemp(dir=self.template.parent)) / "gca"))
        self.writers = [Writer(self.folder / DATABASE) for _ in range(2)]
        self.loader: loading.Loader | None = None
        self.given = 0

    def _name(self) -> str:
        self.given += 1
        return f"commande-{self.given}"

    def _dossier(self, key: Key) -> Dossier:
        return Dossier.from_json(documents(self.folder)[key])

    def _draw(self, data: st.DataObject, key: Key) -> Command:
        return data.draw(commands(self._dossier(key), self._name(), AGENT_KINDS))

    @rule(data=st.data(), who=st.sampled_from([0, 1]), key=st.sampled_from(KEYS))
    def record(self, data: st.DataObject, who: int, key: Key) -> None:
        command = self._draw(data, key)
        before = documents(self.folder)
        try:
            expected = apply(Dossier.from_json(before[key]), command, self.writers[0].context())
        except CommandRefused:
            with pytest.raises(CommandRefused):
                self.writers[who].record([command]).result()
            assert documents(self.folder) == before
        else:
            after = self.writers[who].record([command]).result()
            assert [one.to_json() for one in after] == [documents(self.folder)[key]]
            assert after[0].to_json() == expected.to_json()

    @rule(
        who=st.sampled_from([0, 1]), keys=st.lists(st.sampled_from(KEYS), min_size=1, unique=True), urgent=st.booleans()
    )
    def write_and_flag(self, who: int, keys: list[Key], urgent: bool) -> None:
        self._write(who, keys, urgent=urgent)

    def _write(self, who: int, keys: list[Key], *, urgent: bool) -> None:
        given: list[Command] = [note(key, self._name()) for key in keys]
        if urgent and self._dossier(keys[0]).urgence_active is None:
            stamp = {"caisse": keys[0][0], "matricule": keys[0][1], "author": ME, "at": AT}
            given.append(FlagUrgence(id=self._name(), **stamp, motif="expulsion"))
        self.writers[who].record(given).result()
        after = documents(self.folder)
        assert all(f'"texte":"{one.texte}"' in after[key] for key, one in zip(keys, given, strict=False))

    @rule(data=st.data(), who=st.sampled_from([0, 1]), keys=st.lists(st.sampled_from(KEYS), min_size=2, max_size=3))
    def record_together_then_undo(self, data: st.DataObject, who: int, keys: list[Key]) -> None:
        given = [self._draw(data, key) for key in keys]
        before = documents(self.folder)
        try:
            self.writers[who].record(given).result()
        except CommandRefused:
            pass
        else:
            assert [one.id for one in self.writers[who].undo().result()] == [one.id for one in given]
        assert documents(self.folder) == before

    @rule(who=st.sampled_from([0, 1]))
    def undo(self, who: int) -> None:
        before = documents(self.folder)
        dropped = self.writers[who].undo().result()
        after = documents(self.folder)
        assert {key for key in before if before[key] != after[key]} <= {(c.caisse, c.matricule) for c in dropped}

    @precondition(lambda self: self.loader is None)
    @rule()
    def fold(self) -> None:
        before = documents(self.folder)
        self.writers[0].run(journal.fold).result()
        assert documents(self.folder) == before
        assert self.writers[1].undo().result() == []

    @precondition(lambda self: self.loader is None)
    @rule(
        data=st.data(),
        keys=st.lists(st.sampled_from(KEYS), min_size=1, unique=True),
        urgence=st.sampled_from(["", "", "coupure d’énergie"]),
    )
    def prepare_import(self, data: st.DataObject, keys: list[Key], urgence: str) -> None:
        before = documents(self.folder)
        self.loader = self.writers[0].loader()
        read = [{**data.draw(extract_fields()), "urgence": urgence} for _ in keys]
        self.loader.load(Given(newer(key, self._name(), **fields)) for key, fields in zip(keys, read, strict=True))
        assert documents(self.folder) == before
        self._write(0, keys, urgent=False)

    @precondition(lambda self: self.loader is None)
    @rule(who=st.sampled_from([0, 1]), key=st.sampled_from(KEYS), calm=st.booleans())
    def import_at_once(self, who: int, key: Key, calm: bool) -> None:
        if calm:
            load_all(self.writers[1], [Given(newer(key, self._name(), urgence=""))], lambda _: None)
        self._write(who, [key, *(other for other in KEYS if other != key)], urgent=True)
        load_all(self.writers[1], [Given(newer(key, self._name(), urgence="coupure"))], lambda _: None)
        assert self._dossier(key).extrait.urgence == "coupure"
        settled(self.folder)

    @precondition(lambda self: self.loader is not None)
    @rule()
    def show_import(self) -> None:
        assert self.loader
        self.loader.show()
        self.loader = None
        settled(self.folder)

    @precondition(lambda self: self.loader is not None)
    @rule()
    def lose_import(self) -> None:
        before = documents(self.folder)
        loading.recover(self.writers[1].engine, self.writers[1].context())
        self.loader = None
        assert documents(self.folder) == before
        settled(self.folder)

    @invariant()
    def all_holds(self) -> None:
        check(self.folder, self.writers[0].context())

    def teardown(self) -> None:
        if self.loader:
            self.lose_import()
        before = documents(self.folder)
        for writer in self.writers:
            writer.close()
        assert documents(self.folder) == before
        shutil.rmtree(self.folder.parent)


def test_whatever_happens_documents_outbox_columns_and_words_agree(people_store: Path) -> None:
    machine = type("LifeHere", (Life,), {"template": people_store})
    options = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # each step is a disk's work: to look for a shorter example would take minutes
        suppress_health_check=list(HealthCheck),
    )
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(machine, settings=options)


def draft(folder: Path, key: Key, target: str = "") -> dict[str, str]:
    with window(folder) as opened:
        found = opened.draft(key, "note", target)
    return json.loads(found[0]) if found else {}


def test_undoing_a_note_gives_its_text_back_to_the_draft(people: Path) -> None:
    with writing(people) as writer:
        writer.record([note(KEYS[0], "Une phrase\nou deux.")]).result()
        assert [one.kind for one in writer.undo().result()] == ["add_note"]
    assert draft(people, KEYS[0]) == {"texte": "Une phrase\nou deux."}


def test_undoing_a_note_keeps_what_is_being_typed_since(people: Path) -> None:
    with writing(people) as writer:
        writer.record([note(KEYS[0], "La première.")]).result()
        writer.put_draft(Place(*KEYS[0], "note"), {"texte": "La suivante, pas finie"}).result()
        writer.undo().result()
        assert draft(people, KEYS[0]) == {"texte": "La première.\nLa suivante, pas finie"}
        writer.put_draft(Place(*KEYS[0], "note"), {"texte": " "}).result()
        assert draft(people, KEYS[0]) == {}


def test_a_draft_goes_with_its_commands_or_stays_with_their_refusal(people: Path) -> None:
    place = Place(*KEYS[0], "note")
    with writing(people) as writer:
        writer.put_draft(place, {"texte": "Vu."}).result()
        with pytest.raises(CommandRefused):
            writer.record([note(KEYS[0], " ")], draft=place).result()
        assert draft(people, KEYS[0]) == {"texte": "Vu."}
        writer.record([note(KEYS[0], "Vu.")], draft=place).result()
        assert draft(people, KEYS[0]) == {}


def test_one_refusal_refuses_all_that_is_given_together(people: Path) -> None:
    taken = {"caisse": "681", "matricule": "0000002", "author": ME, "at": AT}
    with writing(people) as writer:
        before = documents(people)
        with pytest.raises(CommandRefused, match="déjà"):
            writer.record([note(KEYS[0], "a"), Take(id="1", **taken), Take(id="2", **taken)]).result()
        with pytest.raises(UnknownDossier):
            writer.record([note(KEYS[0], "a"), note(("681", "9999999"), "b")]).result()
        assert documents(people) == before
        assert writer.undo().result() == []


def test_what_a_newer_extract_refuses_is_kept_with_the_reason_and_with_what_came_along(people: Path) -> None:
    flagged = FlagUrgence(id="f", caisse="681", matricule="0000001", author=ME, at=AT, motif="expulsion")
    later = note(KEYS[0], "Une autre, gardée.")
    with writing(people) as writer:
        writer.record([flagged, note(KEYS[1], "Avec l’urgence.")]).result()
        writer.record([later]).result()
        load_all(writer, [Given(newer(KEYS[0], "e", urgence="coupure d’énergie"))], lambda _: None)
        check(people, writer.context())
        with window(people) as opened:
            kept = [opened.refused(key) for key in KEYS]
        assert [(json.loads(command)["kind"], reason) for ((command, reason),) in kept] == [
            ("flag_urgence", "Le dossier est déjà signalé urgent."),
            ("add_note", "Le dossier est déjà signalé urgent."),
        ]
        texts = [Dossier.from_json(documents(people)[key]).notes for key in KEYS[:2]]
        assert ([one.texte for one in texts[0]], texts[1]) == (["Une autre, gardée."], ())
        assert [one.id for one in writer.undo().result()] == [later.id]
        check(people, writer.context())
    with window(people) as opened:
        assert json.loads(opened.refused(KEYS[0])[0][0])["id"] == "f"


def test_only_this_sitting_is_undone_and_the_last_to_leave_folds(people: Path) -> None:
    with writing(people) as mine:
        with writing(people) as theirs:
            theirs.record([note(KEYS[0], "à eux")]).result()
            mine.record([note(KEYS[0], "à moi")]).result()
        assert [one.texte for one in mine.undo().result() if isinstance(one, AddNote)] == ["à moi"]
        assert mine.undo().result() == []
        with window(people) as opened:
            assert opened.pending() == 1
    with window(people) as opened:
        assert opened.pending() == 0
        document = opened.document(*KEYS[0])
    assert document
    assert [one.texte for one in Dossier.from_json(document).notes] == ["à eux"]


def test_a_store_held_too_long_by_another_program_is_said_and_nothing_changes(people: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 40)
    with writing(people) as writer, raw(people) as other:
        before = documents(people)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="Un autre programme"):
            writer.record([note(KEYS[0], "attend")]).result()
        other.execute("ROLLBACK")
        assert documents(people) == before
        writer.record([note(KEYS[0], "passe")]).result()
        check(people, writer.context())
