import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from gca_tui import reference
from gca_tui.domain.commands.referent import POLES
from gca_tui.domain.commands.trace import CANAUX_CONTACT
from gca_tui.domain.pieces import ETATS_PIECE
from gca_tui.domain.settings import ANY, Settings
from gca_tui.domain.traces import DEMARCHES

FOLDER = Path(str(files("gca_tui.reference")))
DATA = sorted(path for path in FOLDER.iterdir() if path.suffix in {".csv", ".json"})
LISTS = {
    "caisses": 123,
    "prestations": 21,
    "motifs": 77,
    "origines": 17,
    "responsabilites": 32,
    "situations": 13,
    "natures": 15,
    "canaux": 5,
    "recours": 5,
    "jargon": 58,
    "accusations": 59,
    "medical": 86,
    "sigles": 30,
}
NATURES = (
    "piece demande changement rac_annuel rac_trimestriel dtr declaration_annuelle quittance reclamation rectification "
    "recours courriel rendez_vous mutation mediation"
)
STATUTS = {"vérifié", "à valider", "partiel"}
MULTIPLE_CODES = "02 07 25 29 34 38 42 49 59 60 62 64 69 76"


def data_lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_each_file_names_its_source_licence_and_status(path: Path) -> None:
    said = re.findall(r'^(?:# | ")(\w+)(?:\s:|":)\s"?\S', path.read_text("utf-8"), flags=re.MULTILINE)
    assert said[:3] == ["source", "licence", "statut"]


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_the_notice_covers_each_file(path: Path) -> None:
    notice = (FOLDER.parents[1] / "NOTICE").read_text("utf-8")
    assert re.search(rf"^\S.*{re.escape(path.name)}|^{re.escape(path.name)}", notice, flags=re.MULTILINE)


@pytest.mark.parametrize("path", [*DATA, FOLDER.parents[1] / "NOTICE"], ids=lambda path: path.name)
def test_no_file_names_a_machine_or_a_registry(path: Path) -> None:
    assert not re.search(r"/(work|home|root|tmp|usr)/|https?://|\b(pypi|npm|registry)", path.read_text("utf-8"))


@pytest.mark.parametrize(("name", "number"), LISTS.items())
def test_each_list_is_whole_and_its_codes_are_unique(name: str, number: int) -> None:
    assert len(getattr(reference, name)()) == number
    if (path := FOLDER / f"{name}.csv").exists():
        keys = [line.split(";")[0] for line in data_lines(path)[1:]]
        assert len(keys) == len(set(keys)) == number


def test_there_are_101_caisses() -> None:
    caisses = reference.caisses().values()
    assert len({caisse.departement for caisse in caisses}) == 101
    assert len({caisse.siren for caisse in caisses}) == 101
    assert all(re.fullmatch(r"\d{3}", caisse.code) and re.fullmatch(r"\d{9}", caisse.siren) for caisse in caisses)


def test_old_codes_of_merged_caisses_are_to_be_confirmed() -> None:
    doubtful = {caisse.departement for caisse in reference.caisses().values() if caisse.statut == "à valider"}
    assert " ".join(sorted(doubtful)) == MULTIPLE_CODES
    assert reference.caisse_label("071") == "071 Ardèche (Annonay)"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("681", "681 Haut-Rhin"),
        ("091", "091 Ariège"),
        ("311", "311 Haute-Garonne"),
        ("911", "911 Essonne"),
        ("771", "771 Seine-et-Marne"),
        ("974", "974 La Réunion"),
        ("201", "201 Corse-du-Sud"),
        ("999", "999"),
    ],
)
def test_a_caisse_is_named_by_code_and_territory(code: str, label: str) -> None:
    assert reference.caisse_label(code) == label


def test_the_full_name_of_a_caisse_keeps_its_article() -> None:
    assert reference.caisses()["681"].nom == "Caf du Haut-Rhin"


def test_prestations_and_recourse_families_agree() -> None:
    families = reference.recours()
    for prestation in reference.prestations().values():
        assert prestation.code in families[prestation.famille].prestations
    listed = [code for family in families.values() for code in family.prestations]
    assert sorted(listed) == sorted(reference.prestations())


def test_minima_sociaux_are_those_of_the_settings() -> None:
    minima = {prestation.code for prestation in reference.prestations().values() if prestation.minimum_social}
    assert minima == Settings().minima


def test_each_pole_is_known_to_the_domain() -> None:
    assert {prestation.pole for prestation in reference.prestations().values()} <= set(POLES)


def test_what_is_not_read_about_housing_aids_stays_unknown() -> None:
    housing = reference.recours()["AL"]
    assert housing.suspensif is None
    assert "suspensif" in housing.a_valider
    assert housing.statut == "partiel"


def test_recourse_figures_are_typed() -> None:
    rsa, aefa = reference.recours()["RSA"], reference.recours()["AEFA"]
    assert rsa.suspensif is True
    assert rsa.seuil_non_recuperation == 7700
    assert rsa.recours_prealable is not None
    assert rsa.recours_prealable.delai_mois == 2
    assert rsa.prescription is not None
    assert rsa.prescription.annees_fraude is None
    assert aefa.recours_prealable is None
    assert aefa.juge.juridiction == "Tribunal administratif"


def test_labels_of_the_lists_are_without_their_code() -> None:
    for entries in (reference.motifs(), reference.origines(), reference.responsabilites(), reference.situations()):
        assert all(entry.libelle and "[" not in entry.libelle for entry in entries.values())
    assert reference.motifs()["GH"].libelle == "Réexamen droits et autre modif"
    assert reference.responsabilites()["10"].libelle == "Erreur CAF"


def test_natures_are_those_the_rules_speak_of() -> None:
    assert " ".join(reference.natures()) == NATURES
    settings = Settings()
    named = {rule.nature for rule in settings.mass} | {target.nature for target in settings.targets} - {ANY}
    assert named <= set(reference.natures())


def test_canaux_are_those_of_contacts() -> None:
    assert set(reference.canaux()) == set(CANAUX_CONTACT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rac_annuel", "rac_annuel"),
        ("RAC", "rac_annuel"),
        ("Contrôle Activités-Ressources", "rac_annuel"),
        ("RECLAMATION", "reclamation"),
        ("réclamations", "reclamation"),
        (" Rendez-vous ", "rendez_vous"),
        ("changement d'adresse", "changement"),
        (" Renouvellement CMG ", "Renouvellement CMG"),
        ("", ""),
    ],
)
def test_a_nature_is_read_however_it_is_written(text: str, code: str) -> None:
    assert reference.nature_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E-mail", "courriel"),
        ("TELEPHONE", "telephone"),
        ("Téléphone", "telephone"),
        ("CAF.FR", "caf.fr"),
        ("fax", None),
    ],
)
def test_a_canal_is_read_however_it_is_written(text: str, code: str | None) -> None:
    assert reference.canal_code(text) == code


@pytest.mark.parametrize("entries", [reference.natures, reference.canaux], ids=["natures", "canaux"])
def test_each_spelling_leads_to_its_own_entry(entries: Callable[[], Mapping[str, reference.Nature]]) -> None:
    read = reference.nature_code if entries is reference.natures else reference.canal_code
    for entry in entries().values():
        assert {read(spelling) for spelling in (entry.code, entry.libelle, *entry.alias)} == {entry.code}


def test_each_spelling_of_the_glossary_leads_to_its_own_term() -> None:
    for term in reference.glossaire():
        assert {reference.explain(spelling) for spelling in (term.terme, *term.alias)} == {term}


COLUMNS = "Matricule|Allocataire|Caisse|Prest.|Objet|Ancien.|Éch.|Statut|Pris par|Canal|Nature|Reçue le|État|Montant"
TABS = "Dossier|Pièces|Trop-perçus|Notes|Historique|Contacts|Questions"
VIEWS = (
    "Ma corbeille|Urgences|Trop-perçus à expliquer|Rectifications|Réclamations|Rendez-vous|RAC|En attente|"
    "Absentes de l’extrait"
)
WORDS = (
    "antériorité|échéance|recours|médiation|remise de dette|échéancier|notification|pièces de masse|dérogation|"
    "rupture de droits|minimum social|convention|caisse délégante|caisse délégataire|référent|pôle|stock en jours|"
    "jours ouvrés|CSU|Cristal|motif|origine|responsabilité|mois|versé|dû|situation|mutation"
)


@pytest.mark.parametrize("word", "|".join((COLUMNS, TABS, VIEWS, WORDS)).split("|"))
def test_what_the_screen_shows_is_explained(word: str) -> None:
    term = reference.explain(word)
    assert term is not None
    assert term.explication.endswith((".", "…"))


def test_states_natures_demarches_and_prestations_are_explained() -> None:
    words = [*ETATS_PIECE, *DEMARCHES.values(), *reference.prestations()]
    words += [nature.libelle for nature in reference.natures().values()]
    assert [word for word in words if reference.explain(word) is None] == []


def test_a_prestation_explains_its_place_and_its_recourse() -> None:
    aah = reference.explain("aah")
    assert aah is not None
    assert aah.source == "CSS L.821-1"
    assert "Allocation aux adultes handicapés" in aah.explication
    assert "Minimum social" in aah.explication


def test_an_unknown_word_is_not_explained() -> None:
    assert reference.explain("zorglub") is None
    assert reference.explain("") is None


def test_each_line_says_whether_it_was_checked() -> None:
    lines = [
        *reference.caisses().values(),
        *reference.prestations().values(),
        *reference.motifs().values(),
        *reference.recours().values(),
        *reference.jargon(),
        *reference.glossaire(),
    ]
    assert {line.statut for line in lines} <= STATUTS
    assert all(term.source for term in (*reference.glossaire(), *reference.jargon()))


def test_french_typography_of_sentences() -> None:
    sentences = [term.explication for term in reference.glossaire()]
    sentences += [(FOLDER / "recours.json").read_text("utf-8").replace('":', "")]
    for sentence in sentences:
        assert not re.search(r"[a-zà-ÿ]'|\w [:;?!€»]|« ", sentence)


def test_importing_reads_nothing_and_stays_light() -> None:
    code = "import sys, gca_tui.reference; print(sorted({'pydantic', 'csv', 'json'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    assert done.stdout.strip() == "[]"


def test_what_is_shared_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        reference.caisses()["999"] = reference.caisses()["681"]
