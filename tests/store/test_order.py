"""The list: its order is the domain's, its counts are exact, each of its sorts is total."""

from datetime import date, timedelta

import pytest

from gca_tui.domain.command import Context
from gca_tui.domain.folding import plain
from gca_tui.domain.priority import order_key
from gca_tui.store.views import BY_ID, CORBEILLE, EVERYTHING, caisse_view
from gca_tui.store.window import SORTS, Selection
from tests.store.given import AT, ME, TODAY, demo, dossiers, note, window, writing
from tests.store.meaning import VIEWS, Told

DAYS = [TODAY, TODAY + timedelta(days=6), TODAY - timedelta(days=30), TODAY + timedelta(days=90), date(2031, 1, 1)]


def ordered(opened, today, keep):
    """Rows in the order of the domain."""
    context = Context(today, opened.calendars())
    told = {number: Told(dossier, today, opened.me, context) for number, dossier in dossiers(opened).items()}
    return sorted(
        (number for number, one in told.items() if keep(one)),
        key=lambda number: order_key(
            told[number].place, told[number].dossier.caisse, told[number].dossier.matricule, today
        ),
    )


@pytest.mark.parametrize("seed", [2, 3])
def test_the_corbeille_of_any_demonstration_is_in_the_order_of_the_domain(tmp_path, seed):
    with window(demo(tmp_path / "gca", 80, seed)) as opened:
        for today in DAYS:
            ids = list(opened.ids(Selection(CORBEILLE), today))
            assert ids == ordered(opened, today, VIEWS["corbeille"])
            assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("view", [*BY_ID.values(), EVERYTHING], ids=lambda view: view.id)
def test_every_view_holds_what_it_says_in_the_order_of_the_domain(demo_store, view, today):
    with window(demo_store) as opened:
        expected = ordered(opened, today, VIEWS[view.id])
        assert list(opened.ids(Selection(view), today)) == expected
        assert opened.count(Selection(view), today) == len(expected)


def test_no_view_of_the_demonstration_is_empty_on_its_day(demo_store):
    with window(demo_store) as opened:
        assert {view.id for view in BY_ID.values() if not opened.count(Selection(view), TODAY)} == set()


def test_a_caisse_counts_all_that_is_open(demo_store):
    with window(demo_store) as opened:
        counted = opened.caisses()
        for caisse, number in counted:
            selection = Selection(caisse_view(caisse, caisse))
            expected = ordered(opened, TODAY, lambda d, caisse=caisse: d.active and d.dossier.caisse == caisse)
            assert list(opened.ids(selection, TODAY)) == expected
            assert opened.count(selection, TODAY) == number == len(expected)
        assert counted == sorted(counted, key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_is_total_and_turns_round(demo_store, sort):
    with window(demo_store) as opened:
        for view in (CORBEILLE, BY_ID["rac"], EVERYTHING):
            up = list(opened.ids(Selection(view, sort=sort), TODAY))
            down = list(opened.ids(Selection(view, sort=sort, descending=True), TODAY))
            assert up == down[::-1]
            assert set(up) == set(opened.ids(Selection(view), TODAY))


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("matricule", lambda row: (row.matricule, row.caisse)),
        ("nom", lambda row: plain(row.nom)),
        ("caisse", lambda row: (row.caisse, row.classe)),
        ("prestations", lambda row: row.prestations),
        ("objet", lambda row: row.objet),
        ("age", lambda row: row.anteriorite_le),
        ("echeance", lambda row: row.echeance),
        ("rdv", lambda row: (row.rdv_le is None, row.rdv_le or "")),
    ],
)
def test_a_sort_orders_by_what_its_column_shows(demo_store, sort, key):
    with window(demo_store) as opened:
        ids = opened.ids(Selection(EVERYTHING, sort=sort), TODAY)
        rows = opened.rows(ids)
        shown = [key(rows[number]) for number in ids]
    assert shown == sorted(shown)


@pytest.mark.parametrize("sort", ["priorite", "nom", "rdv"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_head_is_the_beginning_of_the_list(demo_store, sort, descending):
    with window(demo_store) as opened:
        for view in (CORBEILLE, BY_ID["urgences"], BY_ID["clos"]):
            selection = Selection(view, sort=sort, descending=descending)
            ids = list(opened.ids(selection, TODAY))
            for limit in (1, 7, 64, 1_000):
                head = opened.head(selection, TODAY, limit)
                assert [row.id for row in head] == ids[:limit]
                assert head == [opened.row(*row.key) for row in head]


def test_a_rendez_vous_of_yesterday_without_outcome_does_not_hide_the_one_of_today(people):
    from gca_tui.domain.commands import HoldRendezVous, ScheduleRendezVous

    key = {"caisse": "681", "matricule": "0000003", "author": ME, "at": AT}
    planned = [
        ScheduleRendezVous(id=name, **key, le=day, heure="09:30", forme="telephone")
        for name, day in (("hier", TODAY - timedelta(days=1)), ("ce-jour", TODAY))
    ]
    selection = Selection(BY_ID["rendez_vous"], sort="rdv")
    with writing(people) as writer, window(people) as opened:
        writer.record(planned[:1]).result()
        assert opened.count(selection, TODAY) == 0
        writer.record(planned[1:]).result()
        assert [row.matricule for row in opened.head(selection, TODAY, 9)] == ["0000003"]
        assert opened.count(selection, TODAY) == 1
        writer.record([HoldRendezVous(id="tenu", **key, rendez_vous="ce-jour", resultat="tenu")]).result()
        assert opened.count(selection, TODAY) == 0


def test_a_list_read_while_others_write_is_of_one_moment(people):
    with window(people) as opened, writing(people) as writer:
        with opened.snapshot():
            before = list(opened.ids(Selection(EVERYTHING), TODAY))
            writer.record([note(("681", "0000001"), "un mot")]).result()
            assert opened.generation() == 1
            assert list(opened.ids(Selection(EVERYTHING), TODAY)) == before
            assert "un mot" not in "".join(opened.documents(before))
        assert "un mot" in "".join(opened.documents(before))
