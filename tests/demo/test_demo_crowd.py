import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from itertools import islice, pairwise
from time import perf_counter

import pytest
from demo_telling import TODAY, told

from gca_tui import reference
from gca_tui.demo import AGENT, COLLEAGUE, CONVENTION, DemoDossier, dossiers, population
from gca_tui.demo.people import FICTION_PREFIXES
from gca_tui.demo.showcase import SHOWCASE
from gca_tui.demo.stories import STORIES
from gca_tui.domain.commands import ANY_COMMAND, Take
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, OUVERT, Dossier
from gca_tui.domain.values import Author

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
Crowd = list[tuple[DemoDossier, Dossier]]


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    """Two thousand dossiers with what becomes of them, over several seeds; a refusal would be an exception."""
    return [(demo, told(demo)) for seed in (1, 2, 3, 4) for demo in dossiers(500, seed, TODAY, AGENT)]


def texts(demo: DemoDossier) -> str:
    return demo.extract.model_dump_json() + "".join(command.model_dump_json() for command in demo.commands)


def share(crowd: Crowd, holds) -> float:
    """The share among those drawn: the showcase is what is rare."""
    drawn = [dossier for _, dossier in crowd if not dossier.matricule.startswith("0")]
    return sum(bool(holds(dossier)) for dossier in drawn) / len(drawn)


def test_the_same_seed_and_day_give_the_same_bytes():
    first = [told(demo).to_json() for demo in dossiers(200, 7, TODAY, AGENT)]
    assert first == [told(demo).to_json() for demo in dossiers(200, 7, TODAY, AGENT)]


@pytest.mark.parametrize(("seed", "today"), [(8, TODAY), (7, TODAY + timedelta(days=1))])
def test_another_seed_or_day_gives_other_dossiers(seed, today):
    first = [texts(demo) for demo in dossiers(60, 7, TODAY, AGENT)]
    other = [texts(demo) for demo in dossiers(60, seed, today, AGENT)]
    assert not set(first) & set(other)


def test_a_greater_count_only_adds():
    assert list(dossiers(120, 7, TODAY, AGENT)) == list(islice(dossiers(1_000_000, 7, TODAY, AGENT), 120))


def test_no_dossier_is_made_before_it_is_asked_for():
    assert isinstance(dossiers(10**9, 7, TODAY, AGENT), Iterator)
    assert list(dossiers(0, 7, TODAY, AGENT)) == []


def test_only_the_crowd_is_drawn_again_with_another_seed():
    first, other = ([demo.extract for demo in dossiers(40, seed, TODAY, AGENT)] for seed in (7, 8))
    same = [a.allocataire == b.allocataire for a, b in zip(first, other, strict=True)]
    assert all(same[: len(SHOWCASE)])
    assert not any(same[len(SHOWCASE) :])


def test_keys_are_unique():
    keys = {(demo.extract.caisse, demo.extract.matricule) for demo in dossiers(20_000, 5, TODAY, AGENT)}
    assert len(keys) == 20_000
    assert all(re.fullmatch(r"\d{7}", matricule) for _, matricule in keys)


def test_matricules_cannot_come_twice_in_a_million():
    drawn = {index * population.STRIDE % population.MATRICULES for index in range(1_000_000)}
    assert len(drawn) == 1_000_000
    assert population.FIRST_MATRICULE + population.MATRICULES == 10_000_000


def test_ids_are_unique_and_look_like_uuid_7(crowd):
    ids = [command.id for demo, _ in crowd for command in (demo.extract, *demo.commands)]
    assert len(set(ids)) == len(ids)
    assert all(UUID7.fullmatch(name) for name in ids)


def test_an_id_begins_with_the_instant_of_its_command(crowd):
    for demo, _ in crowd[:200]:
        for command in (demo.extract, *demo.commands):
            assert int(command.id.replace("-", "")[:12], 16) == command.at.timestamp() * 1000


def test_every_story_is_told_and_none_is_refused(crowd):
    kinds = Counter(command.kind for demo, _ in crowd for command in demo.commands)
    assert len(kinds) >= 14
    assert sum(weight for weight, _ in STORIES) < 0.5
    assert sum(not demo.commands for demo, _ in crowd) > len(crowd) / 2


@pytest.mark.parametrize("today", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)] + [date(2028, 2, 29)])
def test_every_day_of_the_week_gives_dossiers_that_hold(today):
    for demo in dossiers(150, 9, today, AGENT):
        commands = [demo.extract, *demo.commands]
        assert told(demo, today).rev == len(commands)
        assert all(before.at <= after.at for before, after in pairwise(commands))
        assert demo.extract.le <= today
        for command in demo.commands:
            assert command.at.tzinfo is UTC
            assert command.at.date() < today
            assert command.at.weekday() < 5
            assert 7 <= command.at.hour < 17


def test_the_extract_tells_only_the_past(crowd):
    for demo, _ in crowd:
        assert all(piece.extrait.recue_le <= demo.extract.le for piece in demo.extract.pieces)
        assert all(TODAY - piece.extrait.recue_le <= timedelta(days=40) for piece in demo.extract.pieces)
        for indu in demo.extract.indus:
            assert indu.recue_le is None or indu.notifiee_le <= indu.recue_le <= demo.extract.le
            assert indu.notifiee_le is None or indu.notifiee_le <= demo.extract.le
            assert max(indu.mois) <= f"{TODAY:%Y-%m}"


def test_commands_survive_their_json(crowd):
    for demo, _ in crowd[:300]:
        for command in (demo.extract, *demo.commands):
            assert ANY_COMMAND.validate_json(command.model_dump_json()) == command


def test_shares_are_those_of_the_scene(crowd):
    assert share(crowd, lambda d: d.caisse == "091") == pytest.approx(0.15, abs=0.03)
    assert all(dossier.convention == (CONVENTION if dossier.caisse == "681" else None) for _, dossier in crowd)
    assert share(crowd, lambda d: d.notifications) == pytest.approx(0.08, abs=0.02)
    assert share(crowd, lambda d: d.statut == EN_ATTENTE) == pytest.approx(0.09, abs=0.02)
    assert share(crowd, lambda d: d.statut == CLOS) == pytest.approx(0.02, abs=0.01)
    assert share(crowd, lambda d: d.urgence_active) == pytest.approx(0.012, abs=0.008)
    assert 0.1 < share(crowd, lambda d: {"RSA", "AAH"} & set(d.prestations)) < 0.4
    assert share(crowd, lambda d: d.statut == OUVERT) > 0.8


def test_shares_of_pieces(crowd):
    pieces = [piece.extrait for _, dossier in crowd for piece in dossier.pieces]
    dematerialised = sum(piece.canal in ("caf.fr", "courriel") for piece in pieces)
    assert dematerialised / len(pieces) == pytest.approx(0.7165, abs=0.03)
    rac = [piece for piece in pieces if piece.nature in ("rac_annuel", "rac_trimestriel")]
    assert len(rac) / len(pieces) == pytest.approx(0.20, abs=0.03)
    assert all(piece.masse for piece in rac)
    assert {piece.canal for piece in pieces} == {"caf.fr", "courriel", "courrier", "guichet", "telephone"}
    old = sum(TODAY - piece.recue_le > timedelta(days=21) for piece in pieces)
    assert 0.1 < old / len(pieces) < 0.5


def test_codes_are_those_of_the_reference(crowd):
    natures = {piece.extrait.nature for _, dossier in crowd for piece in dossier.pieces}
    assert {"demande", "dtr", "quittance", "rac_annuel", "rac_trimestriel"} <= natures & set(reference.natures())
    assert not any("_" in nature for nature in natures - set(reference.natures()))
    assert all(reference.nature_code(nature) == nature for nature in natures)
    trop_percus = [trop_percu for _, dossier in crowd for trop_percu in dossier.trop_percus]
    assert {trop_percu.motif for trop_percu in trop_percus} <= set(reference.motifs())
    named = {trop_percu.prestation for trop_percu in trop_percus}.union(*(d.prestations for _, d in crowd))
    assert named <= set(reference.prestations())


def test_no_number_can_ring_and_no_place_is_elsewhere(crowd):
    for _, dossier in crowd:
        details = dossier.contact_details
        assert details.telephones
        for number in (*dossier.allocataire.telephones, *details.telephones):
            assert number[:8] in FICTION_PREFIXES
            assert re.fullmatch(r"\d\d( \d\d){4}", number)
        assert details.code_postal.startswith("68" if dossier.caisse == "681" else "09")
        assert len(details.code_postal) == 5


def test_no_mail_address_and_no_nir(crowd):
    nir = re.compile(r"(?<![\w-])[12378][\s]?\d{2}[\s]?(0[1-9]|1[0-2])[\s]?\d{2}[\s]?\d{3}[\s]?\d{3}")
    for demo, _ in crowd:
        said = texts(demo)
        assert not re.search(r"\w@\w", said)
        assert not nir.search(said)
        assert "nir" not in demo.extract.allocataire.model_dump()
        assert not demo.extract.model_extra
        assert not any(command.model_extra for command in demo.commands)


def test_whoever_sits_at_the_screen_has_another_colleague():
    guest = Author(identifiant="jdoe", nom="Jo Doe", caisse="311")
    for agent, colleague in ((AGENT, COLLEAGUE), (COLLEAGUE, AGENT), (guest, COLLEAGUE)):
        takers = {
            command.author
            for demo in dossiers(600, 3, TODAY, agent)
            for command in demo.commands
            if isinstance(command, Take)
        }
        assert takers == {agent, colleague}


def test_speed(capsys):
    number = 5_000
    start = perf_counter()
    assert sum(1 for _ in dossiers(number, 1, TODAY, AGENT)) == number
    spent = (perf_counter() - start) / number * 1e6
    with capsys.disabled():
        print(f"\ndemo: {spent:.0f} µs per dossier")
