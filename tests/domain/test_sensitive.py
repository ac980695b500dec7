from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.french import euros, short_date
from gca_tui.domain.sensitive import is_iban, is_nir_key, numbers, redacted, sensitive

LEXICON = reference.lexicon()
# Commune 999 does not exist: these numbers are nobody's.
VALID = [
    *[("1800175999991", "17"), ("2850709999002", "67"), ("1750668999003", "64"), ("2991231999004", "29")],
    *[("1690591999005", "10"), ("180012A999006", "89"), ("276052B999007", "34")],
]
IBANS = ["FR7630006000011234567890189", "DE89370400440532013000", "BE68539007547034", "GB29NWBK60161331926819"]
REMOVED = "[numéro de sécurité sociale retiré]"
gaps = st.sampled_from(["", "", " ", "\u00a0", "\u202f", "  "])


def key_of(body: str) -> str:
    return f"{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02d}"


nirs = st.builds(
    "{}{:02d}{}{}999{:03d}".format,
    st.sampled_from("123478"),
    st.integers(0, 99),
    st.sampled_from([f"{month:02d}" for month in (*range(1, 13), 20, *range(30, 43), 50, 99)]),
    st.sampled_from([f"{number:02d}" for number in range(1, 100) if number != 20] + ["2A", "2B"]),
    st.integers(1, 999),
)


def kinds(text: str) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.mot, one.certain) for one in sensitive(text, LEXICON)]


@pytest.mark.parametrize(("body", "key"), VALID)
def test_a_number_is_found_with_its_key_and_without(body: str, key: str) -> None:
    grouped = f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]}"
    assert kinds(f"Son NIR est {body}{key}.") == [("nir", body + key, True)]
    assert kinds(f"({grouped} {key})") == [("nir", f"{grouped} {key}", True)]
    assert kinds(f"{grouped.replace(' ', '-')} / {key}")[0][2]
    assert kinds(body) == [("nir", body, False)]
    assert is_nir_key(body, key)


def test_a_wrong_key_is_still_warned_about_and_less_surely() -> None:
    assert kinds("1800175999991 18") == [("nir", "1800175999991 18", False)]


@pytest.mark.parametrize(
    "text",
    [
        "1800168",
        "180017599999",
        "18001759999911",
        "1801375999991",
        "1800100999991",
        "9800175999991",
        "123456700000000",
        "000000000123456",
        "A1800175999991",
        "12345678901234",
        "03 89 12 34 56 03 89 12 34 56",
        "12/11/2026 2 340,50 € 681·0123456",
        "2026-01 2026-02 2026-03 2026-04",
        "FR12 merci",
        "Le 12 novembre",
        "1234 5678 9012 3456",
        "",
    ],
)
def test_what_is_no_number_of_a_person_is_left_alone(text: str) -> None:
    assert numbers(text) == ()
    assert redacted(text) == text


@given(nirs, st.lists(gaps, min_size=14, max_size=14), st.booleans(), st.booleans())
def test_any_number_in_any_spacing_is_found_and_taken_out(body: str, spaces: list[str], keyed: bool, low: bool) -> None:
    whole = body + (key_of(body) if keyed else "")
    spaced = "".join(char + gap for char, gap in zip(whole, [*spaces, ""], strict=False)).strip()
    written = spaced.lower() if low else spaced
    text = f"Note du jour : {written}, à vérifier."
    assert redacted(text) == f"Note du jour : {REMOVED}, à vérifier."
    (one,) = numbers(text)
    assert (text[one.start : one.end], one.certain) == (written, keyed)


@given(nirs, st.integers(0, 99))
def test_the_key_tells_one_slip_of_a_digit(body: str, key: int) -> None:
    assume(f"{key:02d}" != key_of(body))
    (one,) = numbers(f"{body}{key:02d}")
    assert (one.kind, one.certain) == ("nir", False)


@pytest.mark.parametrize("iban", IBANS)
def test_an_account_is_found_however_it_is_spaced(iban: str) -> None:
    fours = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    for written in (iban, fours, fours.lower(), fours.replace(" ", "\u00a0"), fours.replace(" ", "-")):
        assert kinds(f"IBAN : {written} merci") == [("iban", written, True)]
        assert redacted(f"{written} ce jour") == "[numéro de compte retiré] ce jour"
    assert is_iban(iban)


def test_a_french_account_with_a_slip_is_warned_about_and_a_foreign_one_is_not_guessed() -> None:
    assert kinds("FR7630006000011234567890188") == [("iban", "FR7630006000011234567890188", False)]
    assert kinds("DE89370400440532013001") == []


@given(st.integers(0, 10**23 - 1))
def test_any_french_account_is_found(number: int) -> None:
    account = f"{number:023d}"
    key = 98 - int(f"{account}152700") % 97
    assert [one[0] for one in kinds(f"Compte FR{key:02d}{account}.")] == ["iban"]


def test_a_card_is_found_when_its_sum_is_right() -> None:
    assert kinds("Carte 4111 1111 1111 1111.") == [("carte", "4111 1111 1111 1111", True)]
    assert kinds("Carte 4111 1111 1111 1112.") == []


@given(
    st.integers(0, 999_999_999),
    st.dates(date(1930, 1, 1), date(2060, 12, 31)),
    st.integers(1, 9_999_999),
    st.integers(100_000_000, 999_999_999),
    st.sampled_from([", ", " ; ", "\n", " et "]),
)
def test_ordinary_figures_are_no_numbers_of_persons(cents: int, day: date, file: int, line: int, mark: str) -> None:
    phone = f"0{line}"
    spaced = " ".join(phone[at : at + 2] for at in range(0, 10, 2))
    said = [euros(cents), short_date(day), day.isoformat(), f"{file:07d}", f"681·{file:07d}", phone, spaced]
    assert numbers(mark.join(said)) == ()
    assert numbers(mark.join(reversed(said))) == ()


@pytest.mark.parametrize("word", LEXICON.medical, ids=lambda word: word.terme)
def test_words_about_health_are_found_in_every_dress(word: object) -> None:
    assert isinstance(word, tuple)
    for dressed in (word[0], word[0].upper(), word[0].capitalize(), word[0].replace("é", "e")):
        assert kinds(f"Suivi pour {dressed} depuis mai.") == [("sante", dressed, False)]


@pytest.mark.parametrize(
    "text",
    [
        "Allocation aux adultes handicapés et allocation d’éducation de l’enfant handicapé (AAH, AEEH).",
        "Écrit à la maison départementale des personnes handicapées, pension d’invalidité.",
        "L'assurance maladie a répondu. Diagnostic énergétique du logement.",
        "La dépressurisation, un handicapeur, le sidaïque.",
    ],
)
def test_names_of_benefits_and_bodies_tell_nothing_about_health(text: str) -> None:
    assert kinds(text) == []


def test_each_thing_is_said_with_its_place_and_taken_out_once() -> None:
    text = "Cancer. 1800175999991 17 et FR7630006000011234567890189, épilepsie."
    found = sensitive(text, LEXICON)
    assert [one.kind for one in found] == ["sante", "nir", "iban", "sante"]
    assert all(text[one.start : one.end] == one.mot for one in found)
    assert found[1].label == "Numéro de sécurité sociale"
    gone = redacted(text, LEXICON)
    assert gone.startswith(
        "[donnée de santé retirée]. [numéro de sécurité sociale retiré] et [numéro de compte retiré],"
    )
    assert sensitive(gone, LEXICON) == ()


@given(st.text("0123456789 AB./-éa", max_size=80))
def test_what_is_taken_out_does_not_come_back(text: str) -> None:
    found = numbers(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[one.start : one.end] == one.mot for one in found)
