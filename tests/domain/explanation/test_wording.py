from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.explanation.wording import words
from gca_tui.domain.settings import CaisseSettings
from tests.domain.explanation.test_readability import ABOUT, LEXICON

TERMS = [one for one in LEXICON.jargon if one.type != "sigle"]
SIGLES = [one for one in LEXICON.jargon if one.type == "sigle"]


def found(text: str, about: Subject = ABOUT) -> list[Finding]:
    return list(words(Texte.read(text), about, LEXICON))


def shown(text: str, about: Subject = ABOUT) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.remplacer) for one in found(text, about)]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.terme)
def test_every_term_is_found_in_every_dress(term: object) -> None:
    assert isinstance(term, tuple)
    name = term[0]
    for dressed in (name, name.upper(), name.capitalize(), name.replace("’", "'"), name.replace(" ", "\u00a0")):
        text = f"Voici : {dressed} ceci."
        assert len(found(text)) == 1, dressed


@pytest.mark.parametrize("sigle", SIGLES, ids=lambda sigle: sigle.terme)
def test_every_sigle_is_found_until_its_full_form_is_given(sigle: object) -> None:
    assert isinstance(sigle, tuple)
    name, form = sigle[0], sigle[2]
    assert shown(f"Votre {name} change.") == [(name, form)]
    assert shown(f"Votre {form} ({name}) change. Le {name} aussi.") == []
    assert shown(f"Votre {name} ({form}) change. Le {name} aussi.") == []
    assert len(shown(f"Le {name} change. Votre {form} ({name}) change. Le {name} aussi.")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Suite à votre appel", [("Suite à", "Après")]),
        ("suite au contrôle", [("suite au", "après le")]),
        ("suite aux appels", [("suite aux", "après les")]),
        ("dans le cadre du contrôle", [("dans le cadre du", "lors du")]),
        ("dans le cadre d’un contrôle", [("dans le cadre d’", "lors d’")]),
        ("en raison du fait qu’il est parti", [("en raison du fait qu’", "comme ")]),
        ("vos pièces", [("pièces", "document")]),
        ("des sommes indues", [("indues", "trop-perçu (somme que vous avez reçue en trop)")]),
        ("le courrier susvisé", [("susvisé", "")]),
        ("votre rsa", [("rsa", "revenu de solidarité active")]),
        ("votre CAF", [("CAF", "caisse d’allocations familiales")]),
        ("la XYZT vous écrit", [("XYZT", "")]),
        ("appel de pièces", [("appel de pièces", "demande de documents")]),
    ],
)
def test_what_is_found_and_what_stands_instead(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "La Caf du Haut-Rhin a vu ce trop-perçu. Demandez une remise de dette.",
        "Une pièce de théâtre, un logement de trois pièces, une pièce d’identité.",
        "Nous ne pouvons pas donner suite à votre demande.",
        "Le complément de libre choix du mode de garde (Paje) et l’aide exceptionnelle de fin d’année (prime de Noël).",
        "Cet indu (somme reçue en trop) est à rembourser. L’indu vient d’un calcul.",
        "La neutralisation, c’est-à-dire le fait de ne pas compter vos anciens revenus. La neutralisation cesse.",
        "Votre contrat à durée indéterminée (CDI) commence. Le CDI est à temps plein.",
        "La fédération des jeux de boules (FJB) et le XYZT (un service de la mairie).",
        "SCHÄFER Anna, 68000 COLMAR, BP 1234, 68091 MULHOUSE CEDEX, par SMS ou PDF.",
        "La Paje est la prestation d’accueil du jeune enfant. Votre Paje change.",
        "NE PAYEZ PAS CETTE SOMME. Page II.",
        "[[à compléter : RSA]] et anna@RSA.fr",
        "Les rapides changements ; l’arsenal ; les assises ; ils induisent ; indûment.",
        "",
    ],
)
def test_what_the_family_understands_passes(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize("text", ["Un indu (voir au dos).", "Le CDI (voir au dos).", "Le prix du pain (CDI)."])
def test_brackets_that_explain_nothing_do_not_explain(text: str) -> None:
    assert len(found(text)) == 1


def test_names_of_the_dossier_are_no_sigles() -> None:
    about = replace(ABOUT, settings=CaisseSettings(adresse="3 rue du Nord, ILLZ"), nom="ROUX Zoé")
    assert shown("ROUX, à ILLZ", about) == []
    assert [word for word, _ in shown("ROUX, à ILLZ")] == ["ROUX", "ILLZ"]


@given(
    st.sampled_from(TERMS), st.text("abcdefghijkl éàç,.’\n", max_size=40), st.text("abcdefghijkl éàç,.’\n", max_size=40)
)
def test_a_term_is_found_whatever_stands_around(term: object, before: str, after: str) -> None:
    assert isinstance(term, tuple)
    text = f"{before} {term[0]} {after}"
    places = [(one.start, one.end) for one in found(text)]
    assert any(start <= len(before) + 1 < end for start, end in places)


@given(st.text(max_size=120))
def test_places_are_in_the_text_and_in_order(text: str) -> None:
    places = [(one.start, one.end) for one in found(text)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


def test_a_term_is_found_with_letters_whose_plain_form_is_longer_before_it() -> None:
    assert shown("Œuvre, ﬁn, Straße : l’indu") == [("indu", "trop-perçu (somme que vous avez reçue en trop)")]
