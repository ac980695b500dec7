"""Explanations written by hand, good and bad: each fails exactly the checks that its file names."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gca_tui.demo import settings
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.results import Result
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.trop_percu import Montants
from tests.domain.given import INES, an_extract, an_indu, command, made
from tests.strategies import CONTEXT

FOLDER = Path(__file__).parents[3] / "fixtures" / "explications"
RULES = replace(CONTEXT, settings=settings())


@dataclass(frozen=True)
class Case:
    """One file: what the letter is about, what was written, the checks it must fail."""

    name: str
    facts: dict[str, Any]
    text: str
    fails: list[int]

    def subject(self) -> Subject:
        """The notification of the facts, established by Inès and about to be signed by her."""
        caisse, sent = self.facts["caisse"], date.fromisoformat(self.facts["notifiee_le"])
        letter = f"N-{sent}"
        indus = [
            an_indu(f"{rank} {one['prestation']}", sent, prestation=one["prestation"], motif="", mois=months(one))
            for rank, one in enumerate(self.facts["trop_percus"])
        ]
        facts = [
            command(
                "establish_facts",
                caisse=caisse,
                notification=letter,
                trop_percus=(indu.id,),
                motif=one["motif"],
                responsabilite=one["responsabilite"],
                **one["faits"],
            )
            for indu, one in zip(indus, self.facts["trop_percus"], strict=True)
        ]
        received = self.facts.get("recue_le")
        if received:
            facts.append(command("record_reception", caisse=caisse, notification=letter, le=received))
        dossier = made(an_extract(caisse=caisse, indus=tuple(indus)), *facts, context=RULES)
        return subject(dossier, dossier.notifications[0], RULES, INES)

    def results(self) -> tuple[Result, ...]:
        """What the checks say."""
        return check_all(Texte.read(self.text), self.subject(), RULES.lexicon)


def months(one: dict[str, Any]) -> dict[str, Montants]:
    return {month: Montants(verse=paid, du=due) for month, (paid, due) in one["mois"].items()}


def read(path: Path) -> Case:
    document = json.loads(path.read_text(encoding="utf-8"))
    return Case(path.stem, document["faits"], "\n".join(document["texte"]), document["controles"])


CASES = [read(path) for path in sorted(FOLDER.glob("*.json"))]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_fails_exactly_the_checks_that_it_names(case: Case) -> None:
    failing = {result.controle: [one.dire for one in result.findings] for result in case.results() if not result.ok}
    assert list(failing) == case.fails, failing


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_findings_point_into_the_text(case: Case) -> None:
    for result in case.results():
        for finding in result.findings:
            assert 0 <= finding.start <= finding.end <= len(case.text)
            assert finding.dire.endswith((".", "?", "!"))


def test_the_corpus_holds_good_and_bad_of_every_check() -> None:
    fails = Counter(controle for case in CASES for controle in case.fails)
    assert sum(not case.fails for case in CASES) >= 20
    assert sum(bool(case.fails) for case in CASES) >= 24
    assert set(fails) == set(range(1, 13))
    alone = {case.fails[0] for case in CASES if len(case.fails) == 1}
    assert alone >= set(range(2, 13)) - {1}
