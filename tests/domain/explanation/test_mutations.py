"""Complete facts make a text that passes; what is missing fails its own check; no single change passes unseen."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.trop_percu import Montants, Notification
from tests.domain.explanation.subjects import Case, about, cases, drafted, notifications, without
from tools.mutations import KINDS, changes, is_caught

LEXICON = reference.lexicon()


def failing(case: Case) -> dict[int, list[str]]:
    results = check_all(case.texte, case.about, LEXICON)
    return {one.controle: [finding.dire for finding in one.findings] for one in results if not one.ok}


@settings(max_examples=60)
@given(cases())
def test_complete_facts_give_a_draft_that_passes_all_twelve(case: Case) -> None:
    assert failing(case) == {}


@pytest.mark.parametrize(
    ("lost", "check"),
    [
        ({"evenement_le": None}, 5),
        ({"evenement": ""}, 5),
        ({"connu_le": None}, 5),
        ({"tiers": None}, 7),
        ({"tiers": True, "tiers_nom": "", "tiers_contenu": "un salaire"}, 7),
        ({"tiers": True, "tiers_nom": "France Travail", "tiers_contenu": ""}, 7),
    ],
)
@settings(max_examples=8)
@given(letter=notifications())
def test_a_fact_that_is_missing_fails_its_check_and_no_other(
    letter: Notification, lost: dict[str, Any], check: int
) -> None:
    of = about(without(letter, **lost))
    assert list(failing(Case(of, drafted(of)))) == [check]


@settings(max_examples=8)
@given(letter=notifications())
def test_a_motive_that_is_missing_fails_its_check_and_no_other(letter: Notification) -> None:
    first, *others = without(letter, motif="").trop_percus
    of = about(letter.model_copy(update={"trop_percus": (first.model_copy(update={"motif": ""}), *others)}))
    assert list(failing(Case(of, drafted(of)))) == [5]


@settings(max_examples=8)
@given(letter=notifications(), lost=st.sampled_from(["verse", "du"]))
def test_an_amount_that_is_missing_fails_its_check_and_no_other(letter: Notification, lost: str) -> None:
    first, *others = letter.trop_percus
    known = {"verse": first.mois[0].verse, "du": first.mois[0].du, lost: None}
    month = first.mois[0].model_copy(update={"extrait": Montants(**known)})
    changed = first.model_copy(update={"mois": (month, *first.mois[1:])})
    of = about(letter.model_copy(update={"trop_percus": (changed, *others)}))
    assert list(failing(Case(of, drafted(of)))) == [6]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(case=cases(), data=st.data())
def test_a_single_change_is_caught(case: Case, data: st.DataObject, kind: str) -> None:
    possible = [one for one in changes(case.texte, case.about, LEXICON) if one.kind == kind]
    for change in data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3)):
        assert is_caught(change, case.texte, case.about, LEXICON), (change, case.texte.whole)
