"""Every way of tampering with the base is found, and said where; a base that holds has no fault."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, insert, select, text, update

from gca_tui import clock
from gca_tui.domain.commands import CloseDossier, TreatPiece
from gca_tui.ids import new_id
from gca_tui.server.chain import body_hash, link
from gca_tui.server.laying import document_hash
from gca_tui.server.moving import move
from gca_tui.server.tables import DOSSIER, JOURNAL, MEMBERSHIP, OP_RESULT, SCOPE
from gca_tui.server.verifying import verify
from gca_tui.wire import MODULUS, Key, sum64
from tests.server.supply import MARTIN, change, indu, note, piece, read, take


@pytest.fixture
def filled(service):
    """Two corbeilles, notes, a dossier that moved and one closed."""
    take(service, [read(n, pieces=(piece(f"P{n}"),)) for n in range(1, 5)])
    take(service, [read(5, convention="CONV")])
    for number in (1, 2, 3):
        note(service, number, f"Note {number}")
    move(service, [Key("681", "0000004")], "681/CONV", "renfort")
    whose = {"caisse": "681", "matricule": "0000001", "author": MARTIN, "at": clock.now()}
    change(service, 1, TreatPiece(id=new_id(), piece="P1", **whose))
    change(service, 1, CloseDossier(id=new_id(), **whose))
    return service


def faults(service) -> list[tuple[str, str]]:
    return [(one.check, one.where) for one in verify(service).faults]


def tampered(service, *statements) -> list[tuple[str, str]]:
    with service.base.write() as connection:
        for statement in statements:
            connection.execute(statement)
    return faults(service)


def at(seq: int):
    return (JOURNAL.c.scope == "681", JOURNAL.c.seq == seq)


def of(number: int):
    return (DOSSIER.c.caisse == "681", DOSSIER.c.matricule == f"{number:07d}")


def test_a_base_that_holds(filled):
    found = verify(filled)
    assert (found.dossiers, found.faults) == (5, ())
    with filled.base.read() as connection:
        assert found.entries == len(connection.execute(select(JOURNAL.c.seq)).all())


def test_an_empty_base_holds(service):
    assert faults(service) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("agent", "autre"), ("at", "2020-01-01T00:00:00+00:00"), ("kind", "close"), ("rev", 9), ("matricule", "0000003")],
)
def test_a_changed_entry(filled, column, value):
    assert ("journal", "681 entrée 5") in tampered(filled, update(JOURNAL).where(*at(5)).values({column: value}))


def test_a_changed_body(filled):
    assert ("journal", "681 entrée 5") in tampered(filled, update(JOURNAL).where(*at(5)).values(body="{}"))


def test_a_body_taken_out_for_the_law(filled):
    assert tampered(filled, update(JOURNAL).where(*at(5)).values(body=None)) == []


def test_a_changed_body_with_its_hash(filled):
    changed = update(JOURNAL).where(*at(5)).values(body="{}", body_sha=body_hash("{}"))
    assert ("journal", "681 entrée 5") in tampered(filled, changed)


def test_an_entry_changed_with_the_hash_of_it_breaks_the_next_one(filled):
    with filled.base.write() as connection:
        before, entry = connection.execute(select(JOURNAL).where(JOURNAL.c.seq.in_((4, 5)), at(5)[0])).all()
        h = link(before.h, {**entry._mapping, "agent": "autre"})
        connection.execute(update(JOURNAL).where(*at(5)).values(agent="autre", h=h))
    assert faults(filled)[0] == ("journal", "681 entrée 6")


def test_a_deleted_entry(filled):
    assert ("journal", "681 entrée 3") in tampered(filled, delete(JOURNAL).where(*at(2)))


def test_a_number_left_out_of_a_chain_made_again(filled):
    """The last entries forged after a deleted one: each hash is right, one number is missing."""
    with filled.base.write() as connection:
        connection.execute(delete(JOURNAL).where(*at(2)))
        h = ""
        for row in connection.execute(select(JOURNAL).where(JOURNAL.c.scope == "681").order_by(JOURNAL.c.seq)).all():
            h = link(h, dict(row._mapping))
            connection.execute(update(JOURNAL).where(*at(row.seq)).values(h=h))
        connection.execute(update(SCOPE).where(SCOPE.c.id == "681").values(head=h))
    assert ("journal", "681 entrée 3") in faults(filled)


def test_the_first_entry_deleted(filled):
    assert ("journal", "681 entrée 2") in tampered(filled, delete(JOURNAL).where(*at(1)))


def test_an_inserted_entry(filled):
    with filled.base.write() as connection:
        row = dict(connection.execute(select(JOURNAL).where(*at(1))).one()._mapping)
        last = connection.execute(select(SCOPE.c.seq).where(SCOPE.c.id == "681")).scalar_one()
        connection.execute(insert(JOURNAL).values({**row, "seq": last + 1}))
    assert {where for _, where in faults(filled)} == {"681", f"681 entrée {last + 1}"}


def test_a_truncated_journal(filled):
    assert ("journal", "681") in tampered(filled, delete(JOURNAL).where(JOURNAL.c.scope == "681", JOURNAL.c.seq > 6))


def test_a_journal_truncated_with_its_head(filled):
    with filled.base.write() as connection:
        h = connection.execute(select(JOURNAL.c.h).where(*at(6))).scalar_one()
        connection.execute(delete(JOURNAL).where(JOURNAL.c.scope == "681", JOURNAL.c.seq > 6))
        connection.execute(update(SCOPE).where(SCOPE.c.id == "681").values(seq=6, head=h))
    assert ("dossier", "681 0000001") in faults(filled)


def test_an_emptied_journal(filled):
    assert ("journal", "681") in tampered(filled, delete(JOURNAL).where(JOURNAL.c.scope == "681"))


def test_two_entries_that_changed_places(filled):
    swap = [update(JOURNAL).where(*at(was)).values(seq=to) for was, to in ((2, 999), (3, 2), (999, 3))]
    found = tampered(filled, *swap)
    assert {("journal", "681 entrée 2"), ("journal", "681 entrée 3")} <= set(found)


def test_a_journal_of_no_corbeille(filled):
    with filled.base.write() as connection:
        row = dict(connection.execute(select(JOURNAL).where(*at(1))).one()._mapping)
        connection.execute(insert(JOURNAL).values({**row, "scope": "999"}))
    assert ("journal", "999") in faults(filled)


def forged(connection, number: int, **said) -> tuple[str, str]:
    """A document that says something else, and its hash."""
    written = connection.execute(select(DOSSIER.c.document).where(*of(number))).scalar_one()
    document = json.dumps({**json.loads(written), **said})
    return document, document_hash(document)


def test_a_changed_document(filled):
    with filled.base.write() as connection:
        document, _ = forged(connection, 2, prestations=["RSA"])
        connection.execute(update(DOSSIER).where(*of(2)).values(document=document))
    assert ("document", "681 0000002") in faults(filled)


def test_a_document_changed_with_its_hash_and_the_sum(filled):
    with filled.base.write() as connection:
        row = connection.execute(select(DOSSIER).where(*of(2))).one()
        document, h = forged(connection, 2, situation="autre")
        digest = int(connection.execute(select(SCOPE.c.digest).where(SCOPE.c.id == "681")).scalar_one())
        digest += sum64("681", row.matricule, row.rev, h) - sum64("681", row.matricule, row.rev, row.h)
        connection.execute(update(DOSSIER).where(*of(2)).values(document=document, h=h))
        connection.execute(update(SCOPE).where(SCOPE.c.id == "681").values(digest=str(digest % MODULUS)))
    assert faults(filled) == [("document", "681 0000002")]


def test_a_document_that_cannot_be_read(filled):
    assert ("document", "681 0000002") in tampered(filled, update(DOSSIER).where(*of(2)).values(document="{"))


@pytest.mark.parametrize("column", ["statut", "echeance", "natures"])
def test_columns_that_do_not_follow(filled, column):
    assert tampered(filled, update(DOSSIER).where(*of(2)).values({column: "x"})) == [("dossier", "681 0000002")]


def test_a_changed_revision(filled):
    assert ("dossier", "681 0000002") in tampered(filled, update(DOSSIER).where(*of(2)).values(rev=40))


def test_a_deleted_dossier(filled):
    found = tampered(filled, delete(DOSSIER).where(*of(2)))
    assert {("empreinte", "681"), ("appartenance", "681 0000002")} <= set(found)


def test_a_changed_sum(filled):
    changed = update(SCOPE).where(SCOPE.c.id == "681/CONV").values(digest="7")
    assert tampered(filled, changed) == [("empreinte", "681/CONV")]


def test_a_deleted_corbeille(filled):
    assert ("corbeille", "681/CONV") in tampered(filled, delete(SCOPE).where(SCOPE.c.id == "681/CONV"))


def member(number: int, scope: str = "681"):
    return (MEMBERSHIP.c.scope == scope, MEMBERSHIP.c.matricule == f"{number:07d}")


@pytest.mark.parametrize(
    "statement",
    [
        delete(MEMBERSHIP).where(*member(2)),
        update(MEMBERSHIP).where(*member(2)).values(present=0),
        update(MEMBERSHIP).where(*member(2)).values(scope="681/CONV"),
        update(MEMBERSHIP).where(*member(2)).values(seq=1),
        update(MEMBERSHIP).where(*member(4)).values(present=1),
        insert(MEMBERSHIP).values(scope="681", caisse="681", matricule="0000009", seq=1, present=1, motif=""),
    ],
    ids=["deleted", "hidden", "elsewhere", "another-entry", "shown-twice", "orphan"],
)
def test_memberships(filled, statement):
    assert {check for check, _ in tampered(filled, statement)} == {"appartenance"}


@pytest.mark.parametrize(("status", "found"), [("applied", 1), ("merged", 1), ("refused", 0), ("conflict", 0)])
def test_an_answer_that_no_journal_tells_of(filled, status, found):
    values = {"command_id": "c1", "install": "i", "agent": "martin", "body_sha": "", "at": "2026-11-12"}
    answer = insert(OP_RESULT).values(**values, result=json.dumps({"id": "c1", "status": status}))
    assert tampered(filled, answer) == [("réponse", "c1")] * found


def close_without(service, threshold: int) -> None:
    """A dossier of 2 000 euros closed by somebody whose threshold was another one."""
    whose = {"caisse": "681", "matricule": "0000006", "author": MARTIN, "at": clock.now()}
    rules = text("INSERT INTO meta (name, value) VALUES ('settings', :value)")
    with service.base.write() as connection:
        connection.execute(rules, {"value": json.dumps({"threshold": threshold})})
    take(service, [read(6, indus=(indu(200_000),))])
    change(service, 6, CloseDossier(id=new_id(), **whose))
    with service.base.write() as connection:
        connection.execute(text("DELETE FROM meta WHERE name = 'settings'"))


def test_a_dossier_closed_without_its_explanation(filled):
    close_without(filled, 1_000_000)
    assert faults(filled) == [("clôture", "681 0000006")]


def test_a_closing_is_judged_by_the_rules_of_its_time(filled):
    close_without(filled, 1_000_000)
    with filled.base.write() as connection:
        connection.execute(
            text("INSERT INTO meta (name, value) VALUES ('settings_since', '2026-11-12T10:00:00+00:00')")
        )
    assert faults(filled) == []
