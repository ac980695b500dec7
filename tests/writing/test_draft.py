"""Drafts: what the family reads, made of the facts."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.explanation.placeholders import CHECKS, to_complete
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.folding import plain
from gca_tui.domain.french import NBSP, euros
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.traces import Demarche
from gca_tui.domain.trop_percu import SECTIONS, ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from gca_tui.domain.values import Author
from gca_tui.writing.draft import Draft, draft
from gca_tui.writing.models import Models
from tests.strategies import AUTHORS, CONTEXT, NOW

WORDS = reference.lexicon()
MODELS = Models()
FACTS = Faits(
    motif="50",
    evenement_le=date(2026, 3, 2),
    evenement="Vous avez repris un travail à temps plein chez un nouvel employeur.",
    regle="ce salaire compte dans vos revenus",
    connu_le=date(2026, 9, 3),
    connu_par="votre déclaration trimestrielle",
    tiers=False,
)
COMPLETE = CaisseSettings(
    adresse="26 avenue Robert-Schuman\n68084 Mulhouse Cedex",
    telephone="3230",
    departement="Haut-Rhin",
    tribunal_administratif="Strasbourg, 31 avenue de la Paix, 67000 Strasbourg",
    tribunal_judiciaire="Mulhouse",
)


def a_trop_percu(
    prestation: str, *months: str, faits: Faits = FACTS, verse: int | None = 50_000, du: int | None = 0
) -> TropPercu:
    read = tuple(Mois(id=one, extrait=Montants(verse=verse, du=du)) for one in months or ("2026-04",))
    return TropPercu(id=f"{prestation} {' '.join(months)}", prestation=prestation, mois=read, faits=faits)


def about(
    *trop_percus: TropPercu,
    caisse: str = "681",
    settings: CaisseSettings = COMPLETE,
    received: date | None = None,
    demarches: tuple[Demarche, ...] = (),
    author: Author | None = AUTHORS[0],
) -> Subject:
    sent = ExtraitNotification(notifiee_le=date(2026, 11, 2), recue_le=received)
    notification = Notification(id="N1", extrait=sent, trop_percus=trop_percus)
    dossier = Dossier(
        caisse=caisse,
        matricule="0123456",
        allocataire=Allocataire(nom="Schäfer", prenom="Anna"),
        notifications=(notification,),
        demarches=demarches,
    )
    return subject(dossier, notification, replace(CONTEXT, settings=Settings(caisses={caisse: settings})), author)


def made(*trop_percus: TropPercu, **fields: Any) -> Draft:
    return draft(about(*trop_percus, **fields), MODELS, WORDS)


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def recourses(found: Draft) -> list[str]:
    return [one for one in paragraphs(found.explication.que_faire) if one.startswith("Vous contestez")]


class TestReason:
    def test_what_was_recalculated_then_why(self) -> None:
        assert made(a_trop_percu("PPA", "2026-04", "2026-06")).explication.raison.splitlines() == [
            "Nous avons recalculé votre prime d’activité, d’avril 2026 à juin 2026.",
            "Le 2 mars 2026, vous avez repris un travail à temps plein chez un nouvel employeur.",
            "Nous l’avons su le 3 septembre 2026, par votre déclaration trimestrielle.",
            "Ce salaire compte dans vos revenus.",
        ]

    def test_one_month_is_not_a_period(self) -> None:
        assert "vos allocations familiales, pour mars 2026." in made(a_trop_percu("AF", "2026-03")).explication.raison

    def test_the_same_facts_are_told_once(self) -> None:
        reason = made(a_trop_percu("RSA"), a_trop_percu("PPA"), a_trop_percu("APL")).explication.raison
        assert reason.count("Nous avons recalculé") == 3
        assert reason.count("Le 2 mars 2026") == 1

    def test_other_facts_are_told_with_their_prestation(self) -> None:
        other = FACTS.model_copy(update={"evenement": "votre loyer a baissé dans votre logement actuel"})
        reason = made(a_trop_percu("RSA"), a_trop_percu("APL", faits=other), a_trop_percu("PPA")).explication.raison
        first, second = paragraphs(reason)
        assert "revenu de solidarité active" in first
        assert "prime d’activité" in first
        assert "aide personnalisée au logement" in second
        assert "votre loyer a baissé dans votre logement actuel." in second

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("France Travail", "de France Travail"),
            ("l’Urssaf", "de l’Urssaf"),
            ("les impôts", "des impôts"),
            ("le bailleur", "du bailleur"),
            ("Action Logement", "d’Action Logement"),
            ("URSSAF", "de l’URSSAF"),
            ("votre bailleur", "de votre bailleur"),
        ],
    )
    def test_a_third_party_is_named(self, name: str, said: str) -> None:
        faits = FACTS.model_copy(update={"tiers": True, "tiers_nom": name, "tiers_contenu": "Un salaire de juin"})
        reason = made(a_trop_percu("PPA", faits=faits)).explication.raison
        assert f"Cette information vient {said}{NBSP}: un salaire de juin." in reason

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("10", "La Caf a fait une erreur dans le calcul. Vous n’en êtes pas responsable."),
            ("61", "Ce changement n’était pas connu de la Caf au moment des versements."),
            ("66", "L’information d’un autre organisme nous est arrivée après les versements."),
        ],
    )
    def test_whose_error_it_is(self, code: str, said: str) -> None:
        faits = FACTS.model_copy(update={"responsabilite": code})
        assert said in made(a_trop_percu("PPA", faits=faits)).explication.raison

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("61", "Ce changement n’était pas encore dans notre calcul."),
            ("66", "L’information d’un autre organisme nous a été transmise."),
        ],
    )
    def test_it_is_not_said_unknown_where_payments_went_on_after_it_was_known(self, code: str, said: str) -> None:
        faits = FACTS.model_copy(update={"responsabilite": code, "connu_le": date(2026, 3, 31)})
        reason = made(a_trop_percu("PPA", "2026-03", "2026-04", faits=faits)).explication.raison
        assert said in reason
        assert "versements" not in reason

    def test_a_suspicion_of_fraud_is_not_written(self) -> None:
        faits = FACTS.model_copy(update={"responsabilite": "64"})
        assert made(a_trop_percu("PPA", faits=faits)).explication == made(a_trop_percu("PPA")).explication

    def test_a_name_keeps_its_capital(self) -> None:
        faits = FACTS.model_copy(update={"evenement": "France Travail a commencé à vous payer une allocation."})
        reason = made(a_trop_percu("PPA", faits=faits)).explication.raison
        assert "Le 2 mars 2026, France Travail a commencé à vous payer une allocation.\n" in reason


class TestCalculation:
    def test_received_due_difference_month_by_month(self) -> None:
        found = made(a_trop_percu("PPA", "2026-04", "2026-05", verse=152_340, du=100_00)).explication.calcul
        assert found.splitlines() == [
            f"Votre prime d’activité, d’avril 2026 à mai 2026{NBSP}:",
            f"Vous avez reçu {euros(304_680)}. Vous aviez droit à {euros(200_00)}. "
            f"La différence est de {euros(284_680)}.",
            f"- avril 2026{NBSP}: reçu {euros(152_340)}, droit {euros(100_00)}, différence {euros(142_340)}",
            f"- mai 2026{NBSP}: reçu {euros(152_340)}, droit {euros(100_00)}, différence {euros(142_340)}",
            "",
            f"En tout, vous devez rembourser {euros(284_680)}.",
        ]

    def test_the_total_is_that_of_the_notification(self) -> None:
        found = made(a_trop_percu("RSA"), a_trop_percu("AF")).explication.calcul
        assert found.endswith(f"En tout, vous devez rembourser {euros(100_000)}.")


class TestRemedies:
    def test_four_families_give_four_paragraphs_of_the_delegating_caisse(self) -> None:
        found = made(a_trop_percu("RSA"), a_trop_percu("PPA"), a_trop_percu("APL"), a_trop_percu("AEFA"))
        rsa, ppa, housing, christmas = recourses(found)
        assert "Écrivez au président du conseil départemental du Haut-Rhin dans les deux mois" in rsa
        assert "Écrivez à la commission de recours amiable de la Caf du Haut-Rhin dans les deux mois" in ppa
        assert "Écrivez au directeur de la Caf du Haut-Rhin dans les deux mois" in housing
        assert "Vous pouvez saisir directement le tribunal administratif de Strasbourg dans les deux mois" in christmas
        assert "Ce recours est obligatoire" not in christmas
        for before_the_judge in (rsa, ppa, housing):
            assert "La réponse à ce recours dépendra de votre situation le jour de la décision." in before_the_judge
        assert "Pendant ce recours, la Caf ne fait pas de retenue." in rsa
        assert "Pendant ce recours, la Caf ne fait pas de retenue." in ppa
        assert "La Caf vous indiquera si les retenues continuent." in housing
        assert "suspen" not in housing
        assert "Ariège" not in "".join((rsa, ppa, housing, christmas))
        assert found.manque == ()

    def test_the_address_of_a_court_is_given_once(self) -> None:
        found = made(a_trop_percu("RSA"), a_trop_percu("PPA"))
        assert found.explication.que_faire.count("31 avenue de la Paix") == 1

    def test_prestations_familiales_go_to_the_tribunal_judiciaire(self) -> None:
        (paragraph,) = recourses(made(a_trop_percu("AF"), a_trop_percu("AAH")))
        assert "vos allocations familiales et votre allocation aux adultes handicapés" in paragraph
        assert "Ensuite, vous pouvez saisir le tribunal judiciaire de Mulhouse." in paragraph

    def test_many_names_make_a_list(self) -> None:
        (paragraph,) = recourses(made(*(a_trop_percu(code) for code in WORDS.familles["CSS"].prestations)))
        assert paragraph.count("\n- ") == len(WORDS.familles["CSS"].prestations)

    def test_a_department_may_have_given_its_power_to_the_caf(self) -> None:
        settings = COMPLETE.model_copy(update={"rsa_delegue": True})
        (paragraph,) = recourses(made(a_trop_percu("RSA"), settings=settings))
        assert "Écrivez à la Caf du Haut-Rhin dans les deux mois" in paragraph
        assert "Elle décide à la place du président du conseil départemental du Haut-Rhin." in paragraph

    @pytest.mark.parametrize(
        ("caisse", "departement", "said"),
        [
            ("091", "", "départemental de l’Ariège"),
            ("071", "", "départemental de l’Ardèche"),
            ("681", "Haut-Rhin", "départemental du Haut-Rhin"),
            ("681", "du Haut-Rhin", "départemental du Haut-Rhin"),
            ("999", "", "départemental de votre département"),
            ("999", "Aude", "départemental de l’Aude"),
        ],
    )
    def test_the_department_is_named_with_its_article(self, caisse: str, departement: str, said: str) -> None:
        settings = CaisseSettings(departement=departement)
        (paragraph,) = recourses(made(a_trop_percu("RSA"), caisse=caisse, settings=settings))
        assert said in paragraph

    @pytest.mark.parametrize(
        ("given_as", "said"),
        [
            ("", "le tribunal administratif.\n"),
            ("Amiens", "le tribunal administratif d’Amiens.\n"),
            ("Tribunal administratif de Pau", "le tribunal administratif de Pau.\n"),
        ],
    )
    def test_a_court_is_named_as_far_as_it_is_known(self, given_as: str, said: str) -> None:
        (paragraph,) = recourses(made(a_trop_percu("PPA"), settings=CaisseSettings(tribunal_administratif=given_as)))
        assert said in paragraph

    def test_days_are_said_once_the_reception_is_recorded(self) -> None:
        text = made(a_trop_percu("PPA"), received=date(2026, 11, 12)).explication.que_faire
        assert "Dites-le-nous jusqu’au 2 décembre 2026, par téléphone ou par écrit." in text
        assert "de la Caf du Haut-Rhin jusqu’au 12 janvier 2027." in text
        assert "qui suivent" not in text

    def test_a_mediation_suspends_and_no_day_is_said(self) -> None:
        asked = Demarche(id="M", nature="mediation", recue_le=date(2026, 11, 20), author=AUTHORS[0], at=NOW)
        found = made(a_trop_percu("PPA"), received=date(2026, 11, 12), demarches=(asked,))
        (paragraph,) = recourses(found)
        assert "Le délai de deux mois est suspendu par la médiation en cours." in paragraph
        assert "2027" not in paragraph

    def test_prime_de_noel_alone_has_no_twenty_days(self) -> None:
        text = made(a_trop_percu("AEFA")).explication.que_faire
        assert text.startswith(f"Une information est fausse{NBSP}? Dites-le-nous par téléphone ou par écrit.")

    def test_plan_and_remise_are_two_choices(self) -> None:
        text = paragraphs(made(a_trop_percu("PPA")).explication.que_faire)
        assert [("échéancier" in one, "remise de dette" in one) for one in text[2:4]] == [(True, False), (False, True)]
        assert "Ce n’est pas une contestation" in text[3]

    def test_the_family_turns_to_the_delegating_caisse(self) -> None:
        text = made(a_trop_percu("PPA")).explication.que_faire
        assert f"Adresse{NBSP}: 26 avenue Robert-Schuman, 68084 Mulhouse Cedex.\nTéléphone{NBSP}: 3230." in text


class TestNextTime:
    def test_the_agents_words_come_first(self) -> None:
        faits = FACTS.model_copy(update={"prochaine_fois": "déclarez chaque contrat"})
        said = made(a_trop_percu("PPA", faits=faits), a_trop_percu("RSA")).explication.prochaine_fois
        assert said.startswith("Déclarez chaque contrat.\n\n")

    def test_a_motive_has_its_advice(self) -> None:
        assert made(a_trop_percu("PPA")).explication.prochaine_fois.startswith("Votre travail commence")

    def test_several_motives_have_a_general_one(self) -> None:
        faits = FACTS.model_copy(update={"motif": "20"})
        said = made(a_trop_percu("PPA"), a_trop_percu("RSA", faits=faits)).explication.prochaine_fois
        assert said.startswith("Votre situation change")

    def test_who_signs_and_for_which_caisse(self) -> None:
        said = made(a_trop_percu("PPA")).explication.prochaine_fois
        assert said.endswith("\n\nInès Faure, gestionnaire conseil allocataires\nCaf du Haut-Rhin")


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("field", "empty", "label"),
        [
            ("motif", "", "motif"),
            ("evenement_le", None, "date de l’événement"),
            ("evenement", "", "ce qui s’est passé"),
            ("connu_le", None, "date à laquelle la Caf l’a su"),
            ("tiers", None, "données obtenues d’un tiers, oui ou non"),
        ],
    )
    def test_a_fact_is_left_to_complete(self, field: str, empty: object, label: str) -> None:
        found = made(a_trop_percu("PPA", faits=FACTS.model_copy(update={field: empty})))
        assert found.manque == (label,)
        assert found.explication.raison.count("[[") == 1

    def test_what_a_third_party_said_is_asked_with_its_name(self) -> None:
        found = made(a_trop_percu("PPA", faits=FACTS.model_copy(update={"tiers": True})))
        assert found.manque == ("nom du tiers", "ce que le tiers a indiqué")

    def test_amounts_are_left_to_complete(self) -> None:
        assert made(a_trop_percu("PPA", du=None)).manque == ("montant dû",)
        assert made(a_trop_percu("PPA", verse=None)).manque == ("montant versé",)

    def test_who_writes_and_where_to_turn(self) -> None:
        found = made(a_trop_percu("PPA"), settings=CaisseSettings(), author=None)
        labels = ("adresse de la Caf", "téléphone de la Caf", "nom de l’agent", "qualité de l’agent")
        assert found.manque == labels

    def test_a_prestation_nobody_knows_leaves_its_recourse(self) -> None:
        found = made(a_trop_percu("XYZ"))
        assert found.manque == ("recours",)
        assert to_complete("recours") in recourses(found)[0]

    def test_nothing_known_still_makes_a_letter(self) -> None:
        found = made(TropPercu(id="T1"), settings=CaisseSettings(), author=None)
        assert set(found.manque) <= set(CHECKS) | {"période"}
        assert all(getattr(found.explication, name) for name in SECTIONS)


def test_a_template_of_the_caisse_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "modeles").mkdir()
    (tmp_path / "modeles" / "calcul.txt").write_text("{{ parts[0].rien }}", encoding="utf-8")
    found = draft(about(a_trop_percu("PPA")), Models(tmp_path), WORDS)
    assert found.explication == made(a_trop_percu("PPA")).explication
    assert "calcul.txt n’est pas utilisable (ligne 1)" in found.problems[0]


months = st.lists(st.integers(0, 47), min_size=1, max_size=14, unique=True).map(
    lambda found: tuple(f"{2023 + one // 12}-{one % 12 + 1:02d}" for one in sorted(found))
)
trop_percus = st.builds(
    lambda code, found, verse, du, cote: a_trop_percu(
        code, *found, verse=verse, du=du, faits=FACTS.model_copy(update={"responsabilite": cote})
    ),
    st.sampled_from(sorted(WORDS.prestations)),
    months,
    st.integers(1, 999_999_99),
    st.integers(0, 999_99),
    st.sampled_from(["", "10", "61", "66"]),
)
CAISSES = sorted(WORDS.caisses)


def sentences(text: str) -> Sequence[int]:
    """Lengths in words; a line ends a sentence."""
    found = [one for line in text.splitlines() for one in re.split(r"(?<=[.?!])\s", line)]
    return [len(re.findall(r"\w+(?:[-.,]\w+)*", one)) for one in found if one.strip()]


@given(
    st.lists(trop_percus, min_size=1, max_size=6),
    st.sampled_from(CAISSES),
    st.none() | st.just(date(2026, 11, 12)),
    st.booleans(),
)
def test_a_draft_reads_well_whatever_it_is_about(
    found: list[TropPercu], caisse: str, received: date | None, delegated: bool
) -> None:
    settings = COMPLETE.model_copy(update={"rsa_delegue": delegated, "departement": ""})
    about_it = about(*found, caisse=caisse, settings=settings, received=received)
    text = draft(about_it, MODELS, WORDS)
    whole = "\n".join(getattr(text.explication, name) for name in SECTIONS)
    assert text.manque == ()
    lengths = sentences(whole)
    assert max(lengths) <= 25
    assert sum(lengths) / len(lengths) <= 20
    assert not re.search(r" [;:!?€»]|  | \n|\n\n\n|de le |de les |d’d’|None|\{", whole)
    assert len(recourses(text)) == len(about_it.familles)
    assert all(part.libelle in text.explication.raison for part in about_it.parts)
    assert euros(about_it.total) in text.explication.calcul


@given(st.lists(trop_percus, min_size=1, max_size=6))
def test_a_draft_has_no_word_to_replace(found: list[TropPercu]) -> None:
    text = made(*found)
    whole = plain(" ".join(getattr(text.explication, name) for name in SECTIONS))
    labels = plain(" ".join(part.libelle for part in about(*found).parts))
    for entry in WORDS.jargon:
        if entry.terme.isupper() or plain(entry.terme) in labels or plain(entry.terme) in plain(AUTHORS[0].qualite):
            continue
        assert not re.search(rf"\b{re.escape(plain(entry.terme))}s?\b", whole), entry.terme
