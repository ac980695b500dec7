"""Ready passages: what is offered, what the facts fill, what a caisse may put instead."""

import re
from pathlib import Path

import pytest

from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.placeholders import to_complete
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import typeset
from gca_tui.domain.trop_percu import SECTIONS, Faits
from gca_tui.writing.blocs import Bloc, blocs
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models
from tests.writing.test_draft import FACTS, WORDS, a_trop_percu, about, sentences

EMPTY = Faits()
FILLED = {
    "nom de l’employeur": "la boulangerie Martin",
    "commune de l’ancien logement": "Colmar",
    "âge de l’enfant": "vingt",
    "erreur, en une phrase": "un salaire a été compté deux fois",
    "ce que le tiers a indiqué": "un salaire manquait",
    "nom du tiers": "la caisse de retraite",
    "document": "votre bulletin de salaire",
}


def offered(section: str = "", faits: Faits = FACTS, models: Models | None = None) -> tuple[Bloc, ...]:
    return blocs(about(a_trop_percu("PPA", faits=faits)), models or Models(), section)


def test_there_are_passages_for_the_usual_motives() -> None:
    labels = {bloc.label for bloc in offered("raison")}
    assert len(labels) >= 12
    assert {"Reprise d’un travail", "Séparation", "Enfant parti du foyer", "Erreur de la Caf"} <= labels


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_has_its_own(section: str) -> None:
    found = offered(section)
    assert found
    assert {bloc.section for bloc in found} == {section}


def test_those_of_the_motive_come_first() -> None:
    assert offered("raison")[0].label == "Reprise d’un travail"
    assert offered("raison", FACTS.model_copy(update={"motif": "20"}))[0].label == "Loyer changé"


def test_facts_fill_them() -> None:
    assert offered("raison")[0].text.startswith("Le 2 mars 2026, vous avez commencé un travail")


def test_what_is_not_known_is_left_to_complete() -> None:
    first = next(bloc for bloc in offered("raison", EMPTY) if bloc.label == "Reprise d’un travail")
    assert f"Le {to_complete('date de l’événement')}, vous avez commencé" in first.text
    assert typeset(to_complete("nom de l’employeur")) in first.text


def test_the_facts_are_those_of_the_trop_percu_of_that_motive() -> None:
    moved = FACTS.model_copy(update={"motif": "20", "evenement_le": None})
    found = blocs(about(a_trop_percu("APL", faits=moved), a_trop_percu("PPA")), Models(), "raison")
    by_label = {bloc.label: bloc.text for bloc in found}
    assert "Le 2 mars 2026" in by_label["Reprise d’un travail"]
    assert to_complete("date de l’événement") in by_label["Déménagement"]


def test_every_passage_is_short_and_plain() -> None:
    for bloc in offered():
        assert max(sentences(bloc.text)) <= 25, bloc.label
        assert not re.search(r"fraud|omis|faute|mensong|indu\b", bloc.text), bloc.label
        assert not any(one.libelle.lower() in bloc.text for one in WORDS.prestations.values()), bloc.label


def test_every_motive_named_exists() -> None:
    for entry in Models().data("blocs", "681").data["bloc"]:
        assert set(entry["motifs"]) <= set(WORDS.motifs), entry["label"]
    for entry in Models().data("conseils", "681").data["conseil"]:
        assert set(entry["motifs"]) <= set(WORDS.motifs), entry["texte"]


def test_a_caisse_has_its_own(tmp_path: Path) -> None:
    place = tmp_path / "modeles" / "681"
    place.mkdir(parents=True)
    text = '[[bloc]]\nlabel = "À nous"\nsection = "raison"\nmotifs = []\ntexte = "Le {{ date }} : rien."\n'
    (place / "blocs.toml").write_text(text, encoding="utf-8")
    assert offered(models=Models(tmp_path)) == (Bloc("À nous", "raison", "Le 2 mars 2026\u00a0: rien."),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bloc = 3", "il n’y a aucun"),
        ('[[bloc]]\nlabel = "A"\nsection = "raison"\nmotifs = []', "« label », « section » et « texte »"),
        ('[[bloc]]\nlabel = "A"\nsection = "autre"\nmotifs = []\ntexte = "a"', "la section « autre » n’existe pas"),
        ('[[bloc]]\nlabel = "A"\nsection = "raison"\nmotifs = 3\ntexte = "a"', "liste de codes"),
        ('[[bloc]]\nlabel = "A"\nsection = "raison"\nmotifs = []\ntexte = "{{ salaire }}"', "« salaire » n’existe pas"),
        ('[[bloc]]\nlabel = "A"\nsection = "raison"\nmotifs = []\ntexte = "{{ date.an }}"', "« an » n’existe pas"),
        ('[[bloc]]\nlabel = "A\n', "ligne 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_ours_serves(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "modeles").mkdir()
    (tmp_path / "modeles" / "blocs.toml").write_text(text, encoding="utf-8")
    models = Models(tmp_path)
    assert offered(models=models) == offered()
    assert typeset(why) in models.problems[0]


@pytest.mark.parametrize("bloc", offered(), ids=lambda bloc: bloc.label)
def test_a_passage_filled_with_what_it_asks_passes_the_checks(bloc: Bloc) -> None:
    of = about(a_trop_percu("PPA", "2026-04", "2026-05"))
    made = draft(of, Models(), WORDS).explication
    filled = re.sub(r"\[\[à compléter\s:\s(.*?)\]\]", lambda match: FILLED[match[1]], bloc.text)
    before = getattr(made, bloc.section)
    texte = Texte.of(made.model_copy(update={bloc.section: f"{filled}\n{before}"}))
    assert [one.dire for result in check_all(texte, of, WORDS) for one in result.findings] == []
