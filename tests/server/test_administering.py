"""Agents, rights, conventions, machines, rules: what an administrator may write, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select

from gca_tui.domain.settings import Settings
from gca_tui.errors import InputError, StoreDamaged
from gca_tui.server.access import identify
from gca_tui.server.administering import (
    Person,
    add_agent,
    agents,
    change_scopes,
    code_for,
    read_settings,
    set_active,
    set_role,
    store_settings,
    unopened,
)
from gca_tui.server.delegating import Delegation, add_convention, conventions, end_convention
from gca_tui.server.enrolling import new_code, spend
from gca_tui.server.overseeing import mark_seen, postes, quarantine, revoke
from gca_tui.server.tables import META, QUARANTINE
from tests.server.supply import read, take

MARTIN = Person("martin", "681", "gca", ("681",), "Zoé Martin", "GCA")
LEA = Person("lea", "091", "gca", ("681/CONV",), "Léa Roux", "GCA")


@pytest.fixture
def do(service):
    """Run something in a write transaction, with the instant as last argument where it is asked for."""

    def run(work, *arguments, timed=True):
        given = (*arguments, service.now()) if timed else arguments
        return service.base.writing(lambda connection: work(connection, *given))

    return run


def raised(service) -> int:
    with service.base.read() as connection:
        return int(connection.execute(select(META.c.value).where(META.c.name == "rights")).scalar_one())


def who(service, do, identifiant):
    """The agent as a new machine of theirs is known."""
    code = do(new_code, identifiant)
    made = service.base.writing(lambda connection: spend(connection, code, "poste", 1, service.now()))
    with service.base.read() as connection:
        return made, identify(connection, made.token, service.now())


def test_an_agent_works_where_they_were_put(service, do):
    before = raised(service)
    person, new = do(add_agent, MARTIN)
    assert (person.identifiant, new) == ("martin", True)
    assert raised(service) > before
    _, found = who(service, do, "martin")
    assert (found.scopes, found.agent.nom, found.agent.role) == (("681",), "Zoé Martin", "gca")


def test_the_same_agent_again_is_no_other_one(service, do):
    do(add_agent, MARTIN)
    assert do(add_agent, replace(MARTIN, nom="", qualite="", scopes=()))[1] is False
    for other in (
        replace(MARTIN, caisse="091"),
        replace(MARTIN, role="admin"),
        replace(MARTIN, scopes=("681/CONV",)),
        replace(MARTIN, nom="Autre"),
    ):
        with pytest.raises(InputError, match="existe déjà"):
            do(add_agent, other)
    with service.base.read() as connection:
        assert agents(connection) == [MARTIN]


@pytest.mark.parametrize(
    "given",
    [(add_agent, replace(LEA, identifiant="autre", scopes=("681",))), (change_scopes, "lea", ("681",), ())],
    ids=["new", "known"],
)
def test_another_caisse_gets_conventions_only(service, do, given):
    do(add_agent, LEA)
    with pytest.raises(InputError, match=r"délégation par convention, CSS L\.122-7"):
        do(*given)
    with service.base.read() as connection:
        assert [(one.identifiant, one.scopes) for one in agents(connection)] == [("lea", ("681/CONV",))]


def test_a_convention_is_with_one_caisse(service, do):
    do(add_convention, Delegation("681", "CONV", "092", fin=date(2026, 12, 31)))
    with pytest.raises(InputError, match="délègue à la caisse 092"):
        do(add_agent, LEA)


def test_a_corbeille_of_which_no_convention_is_known_is_shut_and_told(service, do):
    do(add_agent, LEA)
    with service.base.read() as connection:
        assert unopened(connection, LEA) == ("681/CONV",)
    assert who(service, do, "lea")[1].scopes == ()
    take(service, [read(1, convention="CONV")])
    assert who(service, do, "lea")[1].scopes == ("681/CONV",)
    with service.base.read() as connection:
        assert unopened(connection, LEA) == ()


def test_a_convention_ends(service, do):
    assert do(add_convention, Delegation("681", "CONV", "091", fin=date(2026, 12, 31)))
    assert not do(add_convention, Delegation("681", "CONV", "091", fin=date(2026, 12, 31)))
    do(add_agent, LEA)
    do(add_agent, MARTIN)
    do(change_scopes, "martin", ("681/CONV",), ())
    assert who(service, do, "lea")[1].scopes == ("681/CONV",)
    do(end_convention, "681/CONV", date(2026, 11, 11), timed=False)
    _, found = who(service, do, "lea")
    assert (found.scopes, found.motif("681/CONV")) == ((), "La convention CONV a pris fin le 11/11/2026.")
    assert who(service, do, "martin")[1].scopes == ("681", "681/CONV")
    take(service, [read(1, convention="CONV")])
    with service.base.read() as connection:
        assert conventions(connection)[0].fin == date(2026, 11, 11)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Delegation("681", "CONV", "681"), "autre caisse"),
        (Delegation("681", "CONV", ""), "autre caisse"),
        (Delegation("681", "CONV", "091", date(2026, 2, 1), date(2026, 1, 1)), "avant de commencer"),
        (Delegation("681", "PRISE", "092"), "déjà avec la caisse 091"),
    ],
)
def test_conventions_that_make_no_sense_are_refused(service, do, wanted, said):
    do(add_convention, Delegation("681", "PRISE", "091"))
    with pytest.raises(InputError, match=said):
        do(add_convention, wanted)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MARTIN, identifiant=" "),
        replace(MARTIN, identifiant="x" * 81),
        replace(MARTIN, identifiant="a\x1bb"),
        replace(MARTIN, nom="Zoé\u202e"),
        replace(MARTIN, caisse="681/CONV"),
        replace(MARTIN, caisse=""),
        replace(MARTIN, role="chef"),
        replace(MARTIN, scopes=("681/",)),
        replace(MARTIN, scopes=("681/a/b",)),
    ],
)
def test_agents_that_cannot_be_are_refused(service, do, wrong):
    with pytest.raises(InputError):
        do(add_agent, wrong)


def test_a_withdrawn_agent_sees_nothing_and_gets_no_code(service, do):
    do(add_agent, MARTIN)
    made, _ = who(service, do, "martin")
    code = do(new_code, "martin")
    service.base.writing(lambda connection: set_active(connection, "martin", active=False))
    with service.base.read() as connection:
        assert identify(connection, made.token, service.now()).scopes == ()
    assert service.base.writing(lambda connection: spend(connection, code, "x", 1, service.now())) is None
    with pytest.raises(InputError, match="retiré"):
        do(code_for, "martin")
    with pytest.raises(InputError, match="retiré"):
        do(add_agent, MARTIN)
    service.base.writing(lambda connection: set_active(connection, "martin", active=True))
    assert service.base.writing(lambda connection: spend(connection, code, "x", 1, service.now())) is None
    with service.base.read() as connection:
        assert identify(connection, made.token, service.now()).scopes == ("681",)


def test_a_role_and_corbeilles_change(service, do):
    do(add_agent, MARTIN)
    do(set_role, "martin", "referent", timed=False)
    changed = do(change_scopes, "martin", ("681/CONV", "681"), ("681",))
    assert (changed.role, changed.scopes) == ("referent", ("681/CONV",))
    with pytest.raises(InputError, match="n’a pas la corbeille"):
        do(change_scopes, "martin", (), ("681",))
    for work in (lambda: do(set_role, "personne", "gca", timed=False), lambda: do(code_for, "personne")):
        with pytest.raises(InputError, match="Aucun agent"):
            work()


def test_a_machine_is_shut_out_by_the_beginning_of_its_id(service, do):
    do(add_agent, MARTIN)
    made, _ = who(service, do, "martin")
    before = raised(service)
    assert do(revoke, made.install[:13]).id == made.install
    assert raised(service) > before
    with service.base.read() as connection:
        assert identify(connection, made.token, service.now()).scopes == ()
        assert postes(connection, "martin")[0].revoked_at
    for wrong in ("", "zzz"):
        with pytest.raises(InputError, match="Aucun poste"):
            do(revoke, wrong)


def test_quarantine_is_read_and_kept(service, do):
    row = {"id": "q1", "agent": "lea", "caisse": "681", "matricule": "0000001", "kind": "add_note", "seen_by": ""}
    with service.base.write() as connection:
        connection.execute(insert(QUARANTINE).values(**row, body='{"texte":"Vu"}', motif="fin", at="2026-11-12"))

    def listed(**wanted):
        return [one.content for one in service.base.reading(lambda connection: quarantine(connection, **wanted))]

    assert listed() == [{"texte": "Vu"}]
    assert listed(caisse="091") == []
    found = service.base.reading(quarantine)
    assert do(mark_seen, found, "martin", timed=False) == 1
    assert (listed(), listed(seen=True)) == ([], [{"texte": "Vu"}])


def test_rules_change_their_version_and_raise_rights(service, do):
    before = raised(service)
    old, new = do(store_settings, lambda settings: settings.model_copy(update={"threshold": 100_000}))
    assert (old, new.version, new.threshold) == (Settings(), 2, 100_000)
    assert raised(service) == before + 1
    assert do(store_settings, lambda settings: settings)[1] == new
    assert raised(service) == before + 1
    with service.base.read() as connection:
        assert service.context(connection).settings == new


def test_rules_that_cannot_be_read_can_be_given_again(service, do):
    with service.base.write() as connection:
        connection.execute(insert(META).values(name="settings", value="{"))
    with service.base.read() as connection, pytest.raises(StoreDamaged):
        read_settings(connection)
    assert do(store_settings, lambda _: Settings(threshold=5))[0] is None
    with service.base.read() as connection:
        assert read_settings(connection).threshold == 5
