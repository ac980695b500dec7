"""A three-way merge: what only one changed is kept, what both changed is told, nothing anybody added is lost."""

from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.merging import Merged, merge, pieces

WORDS = st.text("ab .!?…»\n\u00a0éÀ1[]", max_size=40)
SENTENCES = st.lists(st.sampled_from([f"Phrase {one}. " for one in "abcdef"] + ["\n"]), max_size=10).map("".join)
TEXTS = WORDS | SENTENCES
BASE = "Bonjour Madame. Vous avez repris un emploi.\nLe calcul change. Appelez-nous."


@given(TEXTS)
def test_the_pieces_are_the_text(text):
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


@given(TEXTS, TEXTS)
def test_what_one_alone_changed_is_as_that_one_left_it(base, changed):
    assert merge(base, changed, base) == Merged(changed)
    assert merge(base, base, changed) == Merged(changed)
    assert merge(base, changed, changed) == Merged(changed)


@given(TEXTS, TEXTS, TEXTS)
def test_without_a_clash_it_does_not_matter_who_is_first(base, mine, theirs):
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.clashes == other.clashes
    if not one.clashes:
        assert one.text == other.text


@given(TEXTS, TEXTS, TEXTS)
def test_no_sentence_that_somebody_wrote_is_lost(base, mine, theirs):
    text = merge(base, mine, theirs).text
    for written in {*pieces(mine), *pieces(theirs)} - set(pieces(base)):
        assert written.strip() in text


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=8, unique=True), st.data())
def test_two_different_sentences_changed_are_both_changed(names, data):
    first, second = data.draw(st.lists(st.sampled_from(range(len(names))), min_size=2, max_size=2, unique=True))
    said = [f"Phrase {name}. " for name in names]

    def changed(*places):
        return "".join(f"Autre {one}. " if place in places else one for place, one in enumerate(said))

    assert merge("".join(said), changed(first), changed(second)) == Merged(changed(first, second))


def test_a_sentence_that_both_changed_is_kept_twice_and_told():
    mine, theirs = BASE.replace("un emploi", "un emploi le 3 mars"), BASE.replace("repris", "retrouvé")
    both = "Vous avez repris un emploi le 3 mars. Vous avez retrouvé un emploi."
    assert merge(BASE, mine, theirs) == Merged(BASE.replace("Vous avez repris un emploi.", both), 1)


def test_a_date_is_never_made_of_two():
    mine, theirs = "Le 13.11.2026, M. Faure a appelé.", "Le 12.12.2026, M. Faure a appelé."
    assert merge("Le 12.11.2026, M. Faure a appelé.", mine, theirs) == Merged(f"{mine} {theirs}", 1)


def test_a_sentence_that_one_took_away_and_the_other_changed_stays_and_is_told():
    mine, theirs = BASE.replace("Le calcul change. ", ""), BASE.replace("Le calcul change", "Le calcul a changé")
    assert merge(BASE, mine, theirs) == Merged(theirs, 1)


def test_what_both_added_to_nothing_is_there_twice():
    assert merge("", "Un.", "Deux.") == Merged("Un. Deux.", 1)


def test_a_text_that_repeats_itself_costs_no_more_than_another():
    same, added = "Le droit change. " * 1_000, "Fin. "
    assert merge(same, same + added, added + same).text.count("Le droit change.") >= 1_000


def test_texts_begun_on_nothing_keep_what_they_share_once():
    merged = merge("", "Inès écrit. Nous avons recalculé. Fin.", "Paul écrit. Nous avons recalculé. Fin.")
    assert merged.text == "Inès écrit. Paul écrit. Nous avons recalculé. Fin."
    assert merged.clashes == 1
