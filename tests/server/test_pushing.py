"""What a push makes of each command: applied once, merged, in conflict, refused, put aside, or sent again later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, select, update

from gca_tui.domain.apply import based
from gca_tui.domain.commands import CloseDossier, LogContact, Take, TreatPiece
from gca_tui.domain.dossier import CLOS
from gca_tui.server.pushing import push
from gca_tui.server.service import Service
from gca_tui.server.tables import AGENT, CLAIM, INSTALL, JOURNAL, OP_RESULT, RIGHT
from gca_tui.wire import Key, Mark, Operation, Push
from tests.domain.given import PAUL, an_extract, an_indu, command
from tests.server.pushes import KEY, check_base, held, note, poste, raison, receive, seen_at, set_aside

PATH = "notifications.N-2026-05-04.explication.raison"


@pytest.fixture
def ines(service: Service) -> Any:
    receive(service)
    made = poste(service)
    made.sees()
    return made


@pytest.fixture
def paul(service: Service, ines: Any) -> Any:
    made = poste(service, "091-psoulie")
    made.sees()
    return made


def entries(service: Service, command_id: str) -> list[Any]:
    with service.base.read() as connection:
        return list(connection.execute(select(JOURNAL).where(JOURNAL.c.command_id == command_id)))


def test_a_command_is_applied_signed_by_the_server_and_told(service: Service, ines: Any) -> None:
    given = note("Appelée, rappelle demain.")
    answer = ines.send(given)
    (result,) = answer.results
    (told,) = answer.dossiers["681"]
    now = held(service)
    assert (result.status, result.rev, result.scope) == ("applied", now.rev, "681")
    (written,) = now.dossier.notes
    assert (written.texte, written.author.nom, written.author.caisse) == ("Appelée, rappelle demain.", "Ifaure", "681")
    assert (told.rev, told.h, told.document) == (
        now.rev,
        now.h,
        now.dossier.model_dump(mode="json", exclude_defaults=True),
    )
    (entry,) = entries(service, given.id)
    assert (entry.seq, entry.h) == result.mark
    check_base(service)


def test_the_same_command_twice_has_one_effect_and_one_answer(service: Service, ines: Any) -> None:
    given = note("une fois")
    first, again = ines.one(given), ines.one(given)
    assert again == first.model_copy(update={"replayed": True})
    assert len(held(service).dossier.notes) == 1
    assert len(entries(service, given.id)) == 1


def test_the_same_command_on_newer_bases_is_the_same_command(service: Service, ines: Any) -> None:
    given = raison("Texte.", held(service).dossier)
    assert ines.one(given).status == "applied"
    assert ines.one(seen_at(given, 1)).replayed


def test_the_same_command_from_many_threads_has_one_effect(service: Service, ines: Any) -> None:
    given = note("une fois")
    postes = [poste(service) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda one: one.one(given), postes))
    assert {result.status for result in results} == {"applied"}
    assert len({result.mark for result in results}) == 1
    assert sum(not result.replayed for result in results) == 1
    assert [one.texte for one in held(service).dossier.notes] == ["une fois"]
    check_base(service)


@pytest.mark.parametrize("who", ["ines", "paul"])
def test_another_command_under_a_known_number_is_refused(
    service: Service, who: str, request: pytest.FixtureRequest
) -> None:
    ines, other = request.getfixturevalue("ines"), request.getfixturevalue(who)
    given = note("la mienne")
    ines.one(given)
    author = given.author if who == "ines" else PAUL
    result = other.one(given.model_copy(update={"texte": "autre chose", "author": author}))
    assert (result.status, result.code) == ("refused", "identifiant_reutilise")
    assert [one.texte for one in held(service).dossier.notes] == ["la mienne"]
    assert ines.one(given).status == "applied"


def test_two_agents_in_one_field_is_a_conflict_that_says_who(service: Service, ines: Any, paul: Any) -> None:
    seen = held(service).dossier
    assert ines.one(raison("D’Inès.", seen)).status == "applied"
    result = paul.one(raison("De Paul.", seen, author=PAUL))
    assert result.status == "conflict"
    (moved,) = result.moved
    assert (moved.path, moved.value, moved.by) == (PATH, "D’Inès.", "Ifaure")
    assert moved.rev == held(service).dossier.revisions[PATH]
    assert held(service).dossier.notifications[0].explication.raison == "D’Inès."
    check_base(service)


def test_two_agents_who_write_the_same_agree(service: Service, ines: Any, paul: Any) -> None:
    seen = held(service).dossier
    ines.one(raison("Pareil.", seen))
    assert paul.one(raison("Pareil.", seen, author=PAUL)).status == "merged"


def test_two_agents_in_two_fields_are_merged(service: Service, ines: Any, paul: Any) -> None:
    seen = held(service).dossier
    ines.one(raison("D’Inès.", seen))
    treated = based(command(TreatPiece, piece="P1", author=PAUL), seen)
    assert paul.one(treated).status == "merged"
    now = held(service).dossier
    assert (now.notifications[0].explication.raison, now.pieces[0].is_open) == ("D’Inès.", False)


def test_a_command_without_its_bases_replaces_nothing(service: Service, ines: Any, paul: Any) -> None:
    ines.one(raison("D’Inès.", held(service).dossier))
    result = paul.one(raison("De Paul.", author=PAUL))
    assert result.status == "conflict"


def test_commands_of_one_transaction_follow_each_other(service: Service, ines: Any) -> None:
    seen = held(service).dossier
    texts = [raison("Un.", seen), raison("Deux.", seen)]
    answer = ines.send(*[ines.operation(one, tx="t1") for one in texts])
    assert [one.status for one in answer.results] == ["applied", "applied"]
    assert held(service).dossier.notifications[0].explication.raison == "Deux."
    check_base(service)


def test_a_transaction_is_applied_whole_or_not_at_all(service: Service, ines: Any) -> None:
    refused = command(CloseDossier)
    ops = [ines.operation(one, tx="t1") for one in (note("avec la clôture"), refused)]
    first, second = ines.send(*ops).results
    assert (first.status, first.code) == ("refused", "ensemble")
    assert (second.status, second.code) == ("refused", "reste_a_faire")
    assert not held(service).dossier.notes
    again = ines.send(*ops).results
    assert [one.replayed for one in again] == [True, True]
    check_base(service)


def test_after_a_refusal_the_later_commands_of_that_dossier_wait(service: Service, ines: Any) -> None:
    receive(service, an_extract(matricule="7654321"))
    refused, later = command(CloseDossier), note("après")
    elsewhere = note("ailleurs", matricule="7654321")
    answer = ines.send(refused, later, elsewhere)
    assert [one.status for one in answer.results] == ["refused", "waiting", "merged"]
    assert ines.one(later).status == "applied"


def test_what_was_seen_of_a_lost_history_waits(service: Service, ines: Any) -> None:
    given = seen_at(raison("Texte.", held(service).dossier), 99)
    assert ines.one(given).status == "future"
    assert ines.one(seen_at(given, 0)).status == "applied"


def test_one_number_for_two_histories_is_a_conflict(service: Service, ines: Any) -> None:
    ines.one(raison("D’avant.", held(service).dossier))
    rev = held(service).dossier.revisions[PATH]
    other = seen_at(raison("La suite.", held(service).dossier), rev, "Ce qui fut perdu.")
    assert ines.one(other).status == "conflict"


def test_work_on_a_dossier_out_of_sight_is_put_aside(service: Service, ines: Any) -> None:
    with service.base.write() as connection:
        connection.execute(delete(RIGHT))
    given, known = note("gardée"), ines.one
    result = known(given)
    assert (result.status, result.mark) == ("revoked", Mark(0, ""))
    (row,) = set_aside(service)
    assert (row.id, row.caisse, row.matricule, row.kind) == (given.id, "681", "0123456", "add_note")
    assert "gardée" in row.body
    assert known(given).replayed
    assert len(set_aside(service)) == 1
    assert not held(service).dossier.notes


def test_a_dossier_out_of_sight_looks_like_one_that_is_not_there(service: Service, ines: Any) -> None:
    receive(service, an_extract(matricule="7654321"), scope="681/LOIN")
    answers = [ines.send(note("…", matricule=matricule)) for matricule in ("7654321", "9999999")]
    (there,), (nowhere,) = (answer.results for answer in answers)
    assert there.model_copy(update={"id": ""}) == nowhere.model_copy(update={"id": ""})
    assert not any(answer.dossiers for answer in answers)


@pytest.mark.parametrize("table", [INSTALL, AGENT])
def test_work_of_a_withdrawn_agent_is_put_aside(service: Service, ines: Any, table: Any) -> None:
    who, change = ines.who, {"revoked_at": "2026-11-12"} if table is INSTALL else {"active": 0}
    with service.base.write() as connection:
        connection.execute(update(table).values(change))
    assert not who.closed
    assert ines.one(note("gardée")).status == "revoked"
    assert len(set_aside(service)) == 1


def test_each_role_has_its_commands(service: Service, ines: Any) -> None:
    accueil = poste(service, "681-accueil", role="csu")
    author = {"author": {"identifiant": "681-accueil"}}
    assert accueil.one(note("vue au guichet", **author)).status == "applied"
    assert accueil.one(command(Take, **author)).code == "role"
    admin = poste(service, "681-admin", role="admin")
    assert admin.one(note("…", author={"identifiant": "681-admin"})).code == "role"


def test_nobody_signs_for_another(service: Service, ines: Any) -> None:
    assert ines.one(note("…", author=PAUL)).code == "auteur"


def test_the_information_system_alone_brings_extracts(service: Service, ines: Any) -> None:
    extract = an_extract(author={"identifiant": "091-ifaure"}, le="2026-11-09")
    assert ines.one(extract).code == "systeme"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"kind": "de_demain"}, "commande_inconnue"),
        ({"kind": "add_note"}, "commande_illisible"),
        ({"matricule": "../x"}, "commande_illisible"),
        ({"id": 12}, "commande_illisible"),
        ({"id": None}, "commande_illisible"),
        ({"at": "2026-11-12T09:30:00"}, "commande_illisible"),
    ],
)
def test_what_is_not_understood_yet_may_come_again(service: Service, ines: Any, raw: dict[str, Any], code: str) -> None:
    good = note("…").model_dump(mode="json")
    bad = good | raw
    if code == "commande_illisible" and "kind" in raw:
        bad.pop("texte")
    (result,) = ines.send(ines.operation(bad, tx="t")).results
    assert (result.status, result.code) == ("refused", code)
    with service.base.read() as connection:
        assert not connection.execute(select(OP_RESULT)).all()
    assert ines.one(ines.operation(good)).status == "applied"


def test_a_dossier_somebody_else_took_is_left_to_them(service: Service, ines: Any) -> None:
    until = service.now() + timedelta(minutes=10)
    row = {"agent": "091-psoulie", "nom": "Paul", "install": "x", "token": 1, "mode": "work"}
    with service.base.write() as connection:
        connection.execute(insert(CLAIM).values(row | {"until": until.isoformat(), **KEY._asdict()}))
    treated = command(TreatPiece, piece="P1")
    assert ines.one(treated).code == "claim_perdu"
    assert ines.one(note("une note passe")).status == "applied"
    with service.base.write() as connection:
        connection.execute(update(CLAIM).values(until="2026-11-12T09:00:00+00:00"))
    assert ines.one(command(TreatPiece, piece="P1")).status == "applied"


def test_a_mark_of_another_history_stops_everything(service: Service, ines: Any) -> None:
    for scope, mark in (("681", Mark(1, "ab" * 32)), ("681", Mark(99, "ab" * 32)), ("999", Mark(1, "ab" * 32))):
        ines.seen = {"681": Mark(0, ""), scope: mark}
        answer = ines.send(note("…"))
        assert (answer.error, answer.results) == ("lineage", ())
    assert not held(service).dossier.notes


def test_an_older_mark_of_this_history_is_fine(service: Service, ines: Any) -> None:
    first = dict(ines.seen)
    ines.one(note("un"))
    ines.seen = first
    assert ines.one(note("deux")).status == "merged"


def test_a_copied_machine_is_told(service: Service, ines: Any) -> None:
    ines.send(note("un"), n=5, nonce="a")
    assert ines.send(note("copie"), n=5, nonce="b").error == "clone"
    assert ines.send(note("copie"), n=4, nonce="c").error == "clone"
    assert ines.send(note("la suite"), n=6, nonce="d").error == ""
    assert [one.texte for one in held(service).dossier.notes] == ["un", "la suite"]


def test_a_request_that_was_overtaken_is_no_copy(service: Service, ines: Any) -> None:
    given = note("un")
    ines.send(given, n=6, nonce="b")
    answer = ines.send(given, n=5, nonce="a")
    assert [one.replayed for one in answer.results] == [True]
    assert ines.send(given, n=6, nonce="b").results[0].replayed


def test_a_closing_ends_the_claim_and_obeys_the_rule(service: Service, ines: Any) -> None:
    receive(service, an_extract(matricule="7654321", indus=(), pieces=()))
    assert ines.one(command(CloseDossier)).code == "reste_a_faire"
    ines.sees()
    assert ines.one(command(CloseDossier, matricule="7654321")).status == "applied"


def test_two_commands_under_one_number_in_one_transaction_do_nothing(service: Service, ines: Any) -> None:
    given = note("un")
    answer = ines.send(*[ines.operation(given, tx="t")] * 2)
    assert [one.code for one in answer.results] == ["identifiant_reutilise"] * 2
    assert not held(service).dossier.notes


def test_concurrent_writers_of_one_dossier_lose_nothing(service: Service, ines: Any) -> None:
    postes = [poste(service) for _ in range(4)]

    def work(one: Any) -> list[str]:
        done = []
        for _ in range(6):
            seen = held(service).dossier
            given = raison(f"Texte {len(done)} de {one.token[:4]}.", seen)
            if one.one(given).status in ("applied", "merged"):
                done.append(given.id)
            one.one(note(given.id))
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [name for some in pool.map(work, postes) for name in some]
    now = held(service).dossier
    assert {one.id for one in now.notifications[0].versions} == set(done)
    assert len(now.notes) == 24
    check_base(service)


def test_a_dossier_is_never_closed_over_a_letter_without_its_explanation(service: Service, ines: Any) -> None:
    """Each round an agent closes while an extract brings the amount over the threshold: in either order it is open."""
    for n in range(6):
        matricule = f"{n:07d}"
        receive(service, an_extract(matricule=matricule, pieces=(), indus=(an_indu(verse=100_000),)))
        key = Key("681", matricule)
        closing = command(CloseDossier, id=f"close{n}", matricule=matricule)
        newer = an_extract(matricule=matricule, pieces=(), indus=(an_indu(verse=200_000),), le="2026-11-09")
        with ThreadPoolExecutor(2) as pool:
            closed = pool.submit(poste(service).one, closing)
            pool.submit(receive, service, newer).result()
            result = closed.result()
        now = held(service, key).dossier
        assert (result.status in ("applied", "merged")) == (now.statut == CLOS)
        assert now.etat != CLOS
    check_base(service)


def test_a_push_of_one_command_costs_few_statements(service: Service, ines: Any) -> None:
    ines.one(note("d’abord"))
    ines.sees()
    count = []
    who, given = ines.who, note("…")
    ops = (Operation(command=given.model_dump(mode="json"), tx="t"),)
    event.listen(service.base.engine, "before_cursor_execute", lambda *args: count.append(args[2]))
    push(service, who, Push(seen=ines.seen, n=ines.n + 1, nonce="x", ops=ops))
    assert len([one for one in count if not one.startswith("BEGIN")]) <= 11, count


def test_many_dossiers_in_many_threads_keep_the_chain_whole(service: Service, ines: Any) -> None:
    numbers = [f"{n:07d}" for n in range(5)]
    receive(service, *(an_extract(matricule=one) for one in numbers))
    postes = [poste(service) for _ in range(4)]

    def work(one: Any) -> None:
        for turn in range(8):
            ops = [one.operation(note("…", matricule=number), tx=f"{one.token}{turn}") for number in numbers]
            assert {result.status for result in one.send(*ops).results} <= {"applied", "merged"}

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, postes))
    assert all(len(held(service, Key("681", number)).dossier.notes) == 32 for number in numbers)
    check_base(service)


def test_a_contact_is_noted_whoever_has_the_dossier(service: Service, ines: Any) -> None:
    contact = command(LogContact, canal="telephone", resultat="joint", le="2026-11-12")
    assert ines.one(contact).status == "applied"
