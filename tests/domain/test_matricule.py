import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.matricule import normalise

numbers = st.from_regex(r"[0-9]{7}", fullmatch=True).filter(lambda number: number != "0000000")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1234567", "1234567"),
        ("0123456", "0123456"),
        ("123456", "0123456"),  # a spreadsheet dropped the zero
        ("1234567        ", "1234567"),
        ("        1234567", "1234567"),
        ("0123456        ", "0123456"),
        ("123456700000000", "1234567"),
        ("012345600000000", "0123456"),
        ("123456000000000", "1234560"),
        ("001234500000000", "0012345"),
        ("0012345600000000", "0123456"),
        ("000012345670000", "1234567"),
        ("000000001234567", "1234567"),
        ("12345670", "1234567"),
        ("01234567", "1234567"),
        ("12 34 567", "1234567"),
        ("1\u202f234\u00a0567", "1234567"),
        ("123.4567", "1234567"),
    ],
)
def test_written_forms(written: str, number: str) -> None:
    assert normalise(written) == number


@pytest.mark.parametrize(
    "ambiguous",
    [
        "000000001234560",  # 1234560 after zeros, or 0123456 between zeros
        "01234560",
        "000000000123450",
        "000000010000000",
        "123456.0",  # 123456 in a spreadsheet, or 1234560
        "1234567.0",
    ],
)
def test_two_numbers_could_be_meant(ambiguous: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        normalise(ambiguous)


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "0000000", "000000000000000", "12345678", "123456700000001", "1234567A", "1,2E+06", "-", "١٢٣٤٥٦٧", "²³"],
)
def test_not_a_matricule(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        normalise(wrong)


@given(numbers)
def test_a_number_is_itself(number: str) -> None:
    assert normalise(number) == number
    assert normalise(normalise(number)) == number


@given(numbers)
def test_the_fifteen_characters_of_cnaf(number: str) -> None:
    assert normalise(number + "0" * 8) == number
    assert normalise(f"{number:<15}") == number
    assert normalise(f"{number:>15}") == number


@given(numbers, st.integers(0, 9), st.integers(0, 9))
def test_never_another_number(number: str, before: int, after: int) -> None:
    """Zeros around a number give it back, or are refused: save the fixed form of eight zeros after it."""
    written = "0" * before + number + "0" * after
    try:
        read = normalise(written)
    except ValueError:
        return
    assert read == number or (len(written) >= 15 and written.endswith("0" * 8))


@given(st.text(max_size=18))
def test_seven_digits_or_refused(text: str) -> None:
    try:
        number = normalise(text)
    except ValueError:
        return
    assert len(number) == 7
    assert number.isascii()
    assert number.isdigit()
