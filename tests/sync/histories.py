"""Random histories of real machines and a real server, on a bad line, with a server that is put back to an older state.

Hypothesis chooses what happens; `world.World` says what must hold after each step and once all is quiet.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from gca_tui.domain.apply import apply
from gca_tui.domain.closing import must_explain, standing_in_the_way
from gca_tui.domain.command import Command, CommandRefused
from gca_tui.domain.commands import (
    AddNote,
    CloseDossier,
    CorrectContactDetails,
    EditExplanation,
    HandBack,
    OverrideChecks,
    Reopen,
    Take,
    Wait,
)
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.checking import check_notification
from tests.sync.clients import Client
from tests.sync.faults import FAULTS
from tests.sync.people import AMOUNTS, CAISSE, DELEGATED, INES, KEYS, LETTER, THRESHOLDS, Key, extract
from tests.sync.world import MACHINES, Clock, Ground, Saved, World

STEPS = 18
GOOD = ("", "", "", "")
names = st.sampled_from(tuple(MACHINES))
keys = st.sampled_from(KEYS)
values = st.sampled_from(("un", "deux", "trois"))
faults = st.lists(st.sampled_from((*GOOD * 4, *FAULTS)), max_size=5)
deaths = st.sampled_from((-1, -1, -1, -1, 0, 1, 2, 3))
pages = st.integers(1, 5)
hours = st.sampled_from((-2, -1, 1, 26))


class Histories(RuleBasedStateMachine):
    """What agents, caisses, networks and operators do."""

    ground: ClassVar[Ground]
    scratch: ClassVar[Path]

    @initialize()
    def begin(self) -> None:
        self.world = World(self.ground, Path(tempfile.mkdtemp(dir=self.scratch)))
        self.saved: Saved | None = None
        self.day = date(2026, 11, 3)

    def client(self, name: str) -> Client:
        return self.world.client(name)

    def done(self) -> None:
        self.world.check()

    @rule(name=names, key=keys, field=st.sampled_from(("commune", "adresse")), value=values)
    def correct(self, name: str, key: Key, field: str, value: str) -> None:
        client = self.client(name)
        client.give(client.make(CorrectContactDetails, key, **{field: value}))

    @rule(name=names, key=keys, section=st.sampled_from(("raison", "calcul")), value=values)
    def explain(self, name: str, key: Key, section: str, value: str) -> None:
        client = self.client(name)
        client.give(client.make(EditExplanation, key, notification=LETTER, **{section: value}))

    @rule(name=names, key=keys)
    def note(self, name: str, key: Key) -> None:
        client = self.client(name)
        client.give(client.make(AddNote, key, texte=f"Note de {name}"))

    @rule(name=names, key=keys)
    def wait(self, name: str, key: Key) -> None:
        client = self.client(name)
        client.give(client.make(Wait, key, depuis=date(2026, 11, 12), jusqu_au=date(2026, 12, 1), motif="Réponse"))

    @rule(name=names, key=keys)
    def close_or_reopen(self, name: str, key: Key) -> None:
        client = self.client(name)
        dossier = client.visible(key)
        if dossier is None:
            return
        if dossier.statut == "clos":
            client.give(client.make(Reopen, key, motif="À revoir"))
        else:
            client.give(*_closing(client, key, dossier))

    @rule(name=names, key=keys)
    def close_at_once(self, name: str, key: Key) -> None:
        client = self.client(name)
        client.give(client.make(CloseDossier, key))

    @rule(name=names, key=keys)
    def take_or_give_back(self, name: str, key: Key) -> None:
        client = self.client(name)
        dossier = client.visible(key)
        mine = dossier is not None and dossier.holder == client.author.identifiant
        client.give(client.make(HandBack, key, motif="À un autre") if mine else client.make(Take, key))

    @rule(name=names)
    def undo(self, name: str) -> None:
        self.client(name).undo()

    @rule(name=names, choice=st.sampled_from(("mine", "theirs")))
    def settle(self, name: str, choice: str) -> None:
        history = lambda key: [one.id for one in self.world.server.dossier(key).history]  # noqa: E731
        self.client(name).settle(choice, history)

    @rule(name=names, planned=faults, death=deaths)
    def push(self, name: str, planned: list[str], death: int) -> None:
        self._exchange(name, planned, death, lambda client: client.exchange.push())

    @rule(name=names, planned=faults, death=deaths, page=pages)
    def pull(self, name: str, planned: list[str], death: int, page: int) -> None:
        self.client(name).calls.page = page
        self._exchange(name, planned, death, lambda client: client.exchange.pull())

    @rule(name=names, planned=faults, death=deaths, page=pages)
    def exchange(self, name: str, planned: list[str], death: int, page: int) -> None:
        self.client(name).calls.page = page
        self._exchange(name, planned, death, lambda client: client.exchange.full())

    def _exchange(self, name: str, planned: list[str], death: int, step: Callable[[Client], Any]) -> None:
        client = self.client(name)
        client.line.expect(planned)
        client.die_at(death)
        client.attempt(lambda: step(client))
        client.die_at(-1)
        client.line.expect(())
        self.done()

    @rule(name=names, planned=faults, death=deaths)
    def claim(self, name: str, planned: list[str], death: int) -> None:
        self._exchange(name, planned, death, lambda client: client.claiming.contact())

    @rule(name=names)
    def crash(self, name: str) -> None:
        self.client(name).crash()

    @rule(name=names)
    def late(self, name: str) -> None:
        self.client(name).line.deliver_kept()
        self.done()

    @rule(key=keys, scope=st.sampled_from((CAISSE, DELEGATED)))
    def reassign(self, key: Key, scope: str) -> None:
        self.world.server.reassign(key, scope)
        self.done()

    @rule(key=keys, amount=st.sampled_from(AMOUNTS))
    def amount(self, key: Key, amount: int) -> None:
        self.day += timedelta(days=1)
        convention = "CONV" if self.world.server.held()[key].scope == DELEGATED else None
        self.world.server.load([extract(key, amount, self.day, convention)])
        self.done()

    @rule(cents=st.sampled_from(THRESHOLDS))
    def rules_change(self, cents: int) -> None:
        self.world.thresholds.add(cents)
        self.world.server.set_threshold(cents)

    @rule(allowed=st.booleans())
    def right(self, allowed: bool) -> None:
        self.world.server.let(INES.identifiant, DELEGATED, allowed)

    @rule(ended=st.booleans())
    def convention(self, ended: bool) -> None:
        self.world.server.end_convention(date(2026, 11, 1) if ended else None)

    @rule()
    def backup(self) -> None:
        self.saved = self.world.save()

    @precondition(lambda self: self.saved is not None)
    @rule(told=st.booleans())
    def restore(self, told: bool) -> None:
        """`told`: by `gca serveur restaurer`; or the disk as it was then is put back, and nobody knows."""
        assert self.saved is not None
        self.world.restore(self.saved, told=told)
        self.done()

    @rule(name=names, by=hours)
    def machine_clock(self, name: str, by: int) -> None:
        Clock.ahead += timedelta(hours=by)

    @rule(by=hours)
    def server_clock(self, by: int) -> None:
        self.world.server.ahead += timedelta(hours=by)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.quiet()
        finally:
            self.world.close()


def _closing(client: Client, key: Key, dossier: Dossier) -> tuple[Command, ...]:
    """A closing with all that it needs: the explanation, and why its failing checks are passed over."""
    context = client.writer.context()
    letters = [letter for letter in dossier.notifications if must_explain(dossier, letter, context)]
    given: list[Command] = []
    for letter in letters:
        if letter.explication.is_empty:
            given.append(client.make(EditExplanation, key, notification=letter.id, raison="Voici pourquoi."))
            try:
                dossier = apply(dossier, given[-1], context)
            except CommandRefused:
                return (client.make(CloseDossier, key),)
        now = next(one for one in dossier.notifications if one.id == letter.id)
        failing = standing_in_the_way(check_notification(dossier, now, context), now.passages)
        if failing:
            numbers = tuple(one.controle for one in failing)
            given.append(client.make(OverrideChecks, key, notification=letter.id, controles=numbers, motif="Relu"))
    return (*given, client.make(CloseDossier, key))


def run(ground: Ground, number: int, examples: int, *, steps: int = STEPS, shrink: bool = True) -> None:
    """So many histories, those of this seed."""
    scratch = Path(tempfile.mkdtemp(prefix="gca-histoires-"))
    machine = seed(number)(type("Histories", (Histories,), {"ground": ground, "scratch": scratch}))
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
