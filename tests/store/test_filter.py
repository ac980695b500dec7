"""Filters: whatever is typed, the store finds what the documents say, or says which term is wrong."""

from contextlib import closing, suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import EN_ATTENTE
from gca_tui.domain.folding import fold_words
from gca_tui.errors import InputError
from gca_tui.store.filter_terms import TERMS, Setting, completions, parse, parse_everywhere
from gca_tui.store.location import DATABASE
from gca_tui.store.schema import open_reader
from gca_tui.store.views import BY_ID, CORBEILLE, EVERYTHING
from gca_tui.store.window import Selection, Window
from tests.store import meaning
from tests.store.given import ME, TODAY, dossiers
from tests.store.meaning import FLAGS, STATUTS, Told, begins, named

EASTER_MONDAY = date(2026, 4, 6)
"""Good Friday came three days before: a holiday of Alsace and Moselle alone."""
DAYS = [TODAY, TODAY + timedelta(days=10), date(2026, 12, 28), EASTER_MONDAY]
SIGNS = (":", "=", "<", "<=", ">", ">=")


class Known:
    """A store, and what its documents say on each day."""

    def __init__(self, opened):
        self.opened = opened
        self.calendars = opened.calendars()
        self.dossiers = dossiers(opened)
        self.told = {
            day: {
                number: Told(dossier, day, ME.identifiant, Context(day, self.calendars))
                for number, dossier in self.dossiers.items()
            }
            for day in DAYS
        }

    def found(self, text, day):
        return self.opened.matching(parse(text, Setting(day, self.calendars)), day)

    def visible(self, numbers):
        return numbers & self.dossiers.keys()

    def meant(self, day, keep):
        return {number for number, told in self.told[day].items() if keep(told)}


@pytest.fixture(scope="module")
def known(demo_store):
    with closing(Window(open_reader(demo_store / DATABASE), ME.identifiant)) as opened:
        yield Known(opened)


_free = {
    "caisse": st.sampled_from(["681", "091", "999"]),
    "prest": st.sampled_from(["rsa", "RSA", "a", "APL", "zzz", "%", "_"]),
    "nature": st.sampled_from(["rac", "rac_annuel", "ressources", "r%"]),
    "canal": st.sampled_from(["courrier", "caf", "g", "_"]),
    "statut": st.sampled_from(sorted(STATUTS)),
    "est": st.sampled_from(sorted(FLAGS)),
    "pris": st.sampled_from([ME.identifiant, "personne"]),
    "conv": st.sampled_from(["CONV-681-091", "AUTRE"]),
    "commune": st.sampled_from(["mulhouse", "foix", "pa", "s"]),
    "note": st.sampled_from(["bailleur", "rappel", "a", "de", "zzzz"]),
}
_numbers = {"indu": st.integers(0, 4_000), "age": st.integers(-5, 60), "ech": st.integers(-60, 60)}
terms = st.one_of(
    st.sampled_from(sorted(_free)).flatmap(lambda name: st.tuples(st.just(name), st.just(":"), _free[name])),
    st.sampled_from(sorted(_numbers)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(SIGNS), _numbers[name].map(str))
    ),
)
words = st.sampled_from(["mar", "d", "sch", "0", "091", "el", "Zoé", "D'Angelo", "o connor", "le", "mul ler"])


def test_a_strategy_for_each_term():
    assert set(_free) | set(_numbers) == set(TERMS) == set(meaning.TERMS)


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    typed=st.lists(st.tuples(st.booleans(), terms), max_size=3),
    said=st.one_of(st.just(""), words),
    day=st.sampled_from(DAYS),
    view=st.sampled_from([CORBEILLE, EVERYTHING, BY_ID["attente"]]),
)
def test_a_filter_finds_what_its_terms_mean(known, typed, said, day, view):
    text = " ".join([*("-" * negated + "".join(term) for negated, term in typed), said])

    def keep(told):
        return (not said or named(told, said)) and all(
            meaning.TERMS[name](told, sign, value) != negated for negated, (name, sign, value) in typed
        )

    expected = known.meant(day, keep)
    assert known.visible(known.found(text, day)) == expected
    ids = known.opened.ids(Selection(view), day)
    whole = Selection(view, parse(text, Setting(day, known.calendars)))
    assert list(known.opened.ids(whole, day)) == [number for number in ids if number in expected]
    assert known.opened.count(whole, day) == len(expected & set(ids))


@pytest.mark.parametrize("flag", FLAGS)
def test_a_mark_and_its_contrary_share_out_all_dossiers(known, flag):
    marked, others = (known.visible(known.found(f"{sign}est:{flag}", TODAY)) for sign in ("", "-"))
    assert marked == known.meant(TODAY, FLAGS[flag])
    assert not marked & others
    assert marked | others == known.dossiers.keys()


def test_a_note_is_not_forgotten_when_another_term_follows_it(known):
    words = next(told.noted for told in known.told[TODAY].values() if told.noted)
    found = known.visible(known.found(f"note:{words[0]}", TODAY))
    both = known.visible(known.found(f"note:{words[0]} caisse:681", TODAY))
    assert found
    assert both == found & known.visible(known.found("caisse:681", TODAY))
    assert known.visible(known.found(f"-note:{words[0]}", TODAY)) == known.dossiers.keys() - found


def test_several_words_of_a_note_are_quoted(known):
    told = next(told for told in known.told[TODAY].values() if len(told.noted) > 3)
    quoted = f'note:"{told.noted[2]} {told.noted[0]}"'
    expected = known.meant(TODAY, lambda d: begins(d.noted, [told.noted[2], told.noted[0]]))
    assert expected
    assert known.visible(known.found(quoted, TODAY)) == expected


@pytest.mark.parametrize("number", range(-30, 31, 3))
def test_an_age_in_jours_ouvres_knows_the_holidays_of_each_caisse(known, number):
    for day in DAYS:
        for sign in SIGNS:
            expected = known.meant(day, lambda d, sign=sign: meaning.TERMS["age"](d, sign, str(number)))
            assert known.visible(known.found(f"age{sign}{number}", day)) == expected


WRONG = [
    "zut:3", "caisse:", "indu>=beaucoup", "indu>=12,345", "indu>=" + "9" * 40, "age>dix", "age>99999999", "age:1e3",
    "ech<=-99999999999999999999", "est:perdu", "statut:mort", "note:!!!", "caisse>681", "prest<=rsa", 'note:""',
    "-zut:3", "http://exemple", "ÂGES>1",
]  # fmt: skip


@pytest.mark.parametrize("term", WRONG)
def test_a_wrong_term_is_named(known, term):
    with pytest.raises(InputError) as refused:
        known.found(f"mar {term} caisse:681", TODAY)
    assert term in str(refused.value)


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=30), st.text("\"'-:<>=*()^+{}| \0ae0\u202eéÀ%_\\NOTANDOR", max_size=30)))
def test_whatever_is_typed_is_understood_or_refused(known, text):
    with suppress(InputError):
        assert known.visible(known.found(text, TODAY)) <= known.dossiers.keys()
    everywhere = known.visible(known.opened.matching(parse_everywhere(text), TODAY))
    if not fold_words(text):
        assert everywhere == known.dossiers.keys()
    assert isinstance(completions(text), tuple)


def test_a_matricule_copied_from_the_screen_finds_its_dossier(known):
    expected = known.meant(TODAY, lambda d: (d.dossier.caisse, d.dossier.matricule) == ("681", "0123456"))
    assert len(expected) == 1
    assert known.visible(known.found("681·0123456", TODAY)) == expected


@pytest.mark.parametrize("typed", ["ALTKIRCH", "altkirch", "Altkîrch"])
def test_a_commune_is_found_whatever_its_accents(known, typed):
    expected = known.meant(TODAY, lambda d: d.dossier.contact_details.commune == "Altkirch")
    assert expected
    assert known.visible(known.found(f"commune:{typed}", TODAY)) == expected


def test_without_an_author_nothing_is_mine(demo_store):
    with closing(Window(open_reader(demo_store / DATABASE), "")) as opened:
        assert opened.matching(parse("est:moi", Setting(TODAY, opened.calendars())), TODAY) == set()


def test_a_wait_that_ran_out_is_open_and_nothing_is_in_no_statut(known):
    found = [known.visible(known.found(f"statut:{name}", DAYS[2])) for name in STATUTS]
    assert sum(map(len, found)) == len(known.dossiers)
    assert found[0] & {number for number, one in known.dossiers.items() if one.etat == EN_ATTENTE}
