import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gca_tui.domain.folding import fold_name, fold_typed, fold_word, fold_words, plain

SAME = [
    ("Schäfer", "Schaefer", "SCHAFER", "schæfer", "Scha\u0308fer"),
    ("Müller", "Mueller", "MULLER", "Muler"),
    ("Groß", "Gross", "GROSS", "Gros"),
    ("Nuñez", "NUNEZ", "Nun\u0303ez"),
    ("D'Angelo", "D’Angelo", "D ANGELO", "DAngelo", "D-Angelo"),
    ("O'Connor", "O Connor", "OConnor", "O’CONOR"),
    ("N'Diaye", "NDIAYE", "N Diaye"),
    ("Lœwenstein", "Loewenstein", "Löwenstein", "LOWENSTEIN"),
    ("Yıldız", "YILDIZ"),
    ("Sørensen", "Soerensen", "SORENSEN"),
    ("Łukasz", "LUKASZ"),
    ("Noël", "NOEL"),
    ("Jean-Pierre", "Jean Pierre", "JEANPIERRE"),
    ("Ben El Haj", "BENELHAJ", "Benel Haj"),
]
PAIRS = [(stored, typed) for group in SAME for stored in group for typed in group]


def finds(name: str, typed: str) -> bool:
    """Whether a search for words that begin so finds the name."""
    words = fold_name(name)
    return any(all(any(word.startswith(part) for word in words) for part in way) for way in fold_typed(typed))


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_all_spellings_find_each_other(stored: str, typed: str) -> None:
    assert finds(stored, typed)


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_and_are_found_from_the_first_letter_to_the_last(stored: str, typed: str) -> None:
    for length in range(1, len(typed) + 1):
        if fold_typed(typed[:length]) != [[]]:
            assert finds(stored, typed[:length]), typed[:length]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Schaefer", "schae"),
        ("Schäfer", "schae"),
        ("Mueller", "mue"),
        ("Müller", "muel"),
        ("Martin-O'Connor", "oconnor"),
        ("MARTIN-D’ANGELO", "angelo"),
        ("El Haj", "elh"),
        ("Manuel", "manue"),
    ],
)
def test_found_while_typing(name: str, typed: str) -> None:
    assert finds(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("Martin", "artin"), ("Schäfer", "schn"), ("O'Connor", "connor o'b"), ("Müller", "mollet")]
)
def test_not_found(name: str, typed: str) -> None:
    assert not finds(name, typed)


letters = st.text("aeioubcdnsß äöüéçœæøłñıÉÖŒ'’- ", max_size=14)
names = st.one_of(letters, letters, st.text(max_size=12))


@given(names)
@example("oeee")
@example("Straße")
@example("ﬁﬀ ŉ İ")
def test_typing_a_name_letter_by_letter_always_keeps_finding_it(name: str) -> None:
    for length in range(len(name) + 1):
        assert fold_typed(name[:length]) == [[]] or finds(name, name[:length])


@given(names, st.sampled_from([str.upper, str.lower, str.title]))
def test_case_and_accents_do_not_matter(name: str, written: object) -> None:
    assert callable(written)
    if "'" not in name and len(name) == len(written(name)) and written(name).casefold() == name.casefold():
        assert fold_name(written(name)) == fold_name(name)
    assert fold_name(plain(name)) == fold_name(name)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789éü '\n", max_size=40))
def test_the_short_way_for_plain_texts_changes_nothing(text: str) -> None:
    assert fold_words(text) == fold_words(f"{text} É")[:-1]


def test_digits_are_never_folded() -> None:
    assert fold_words("Dossier 0011223, 1 500,00 €") == ["dosier", "0011223", "1", "500", "00"]
    assert fold_word("0011") == "0011"


def test_a_lone_letter_may_also_be_an_initial() -> None:
    assert finds("Martin", "Martin")
    assert fold_typed("Z Martin") == [["z", "martin"], ["zmartin"]]


def test_ways_to_read_what_is_typed_are_few() -> None:
    assert fold_typed("") == [[]]
    assert fold_typed("O Connor Zoé")[0] == ["o", "conor", "zo"]
    assert ["oconor", "zo"] in fold_typed("O Connor Zoé")
    assert len(fold_typed("un deux trois quatre")) == 8
    assert len(fold_typed("un deux trois quatre cinq")) == 1
