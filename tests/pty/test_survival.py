"""What is left after a kill, a lost line, a polite end; and what a terminal of every kind gets."""

import re
import signal
import sqlite3

import pytest

pytestmark = pytest.mark.pty

TYPED = "éèçàùêïœ€@#{}[]"
FIRST = "091·4845426"
COLOUR = re.compile(rb"[34]8;5;(\d+)")
GREYS = {16, 231, *range(232, 256)}
"""Black, white and the greys between, in a palette of 256 colours."""
ENDS = {"kill -9": signal.SIGKILL, "SIGHUP": signal.SIGHUP, "SIGTERM": signal.SIGTERM}


def drafts(program):
    """The drafts in the store, as another program reads them."""
    database = sqlite3.connect(f"file:{program.store.path}/gca.db?mode=ro", uri=True)
    found = database.execute("SELECT fields FROM draft").fetchall()
    database.close()
    return [row[0] for row in found]


def wait_for_draft(program, terminal, text):
    """Give the program the second it has to keep what was typed."""
    for _ in range(20):
        if any(text in fields for fields in drafts(program)):
            return
        terminal.idle(0.05)
    raise AssertionError(f"« {text} » n’est pas dans le magasin après une seconde : {drafts(program)}")


@pytest.mark.parametrize("number", ENDS.values(), ids=ENDS)
def test_a_note_being_typed_outlives_the_program(few, number):
    with few.opened() as running:
        running.press("o")
        running.wait_for("Note interne")
        running.settle()
        running.send("Rappeler Mme Béguin à 14 h".encode())
        running.wait_for("à 14 h")
        wait_for_draft(few, running, "à 14 h")
        running.kill(number)
        code = running.wait_exit()
        assert code == (-number if number == signal.SIGKILL else 0)
    assert "notes" not in few.dossier(FIRST)
    with few.opened() as running:
        running.press("o")
        running.wait_for("Brouillon du 12/11/2026 à 10 h 30 repris".replace(" ", r"\s"))
        running.wait_for("Rappeler Mme Béguin à 14 h")
        running.press("f2")
        running.wait_for("Note enregistrée")
    assert [note["texte"] for note in few.dossier(FIRST)["notes"]] == ["Rappeler Mme Béguin à 14 h"]


def test_a_lost_line_loses_nothing(few):
    with few.opened() as running:
        running.press("a")
        running.wait_for("Contact avec")
        running.press("a")
        running.wait_for("Ce qui a été dit".replace(" ", r"\s"))
        running.settle()
        running.press("tab", "tab", "tab")
        running.send("Elle a raccroché".encode())
        running.wait_for("raccroché")
        running.close()
        assert running.process.exit_code is not None
    assert any("Elle a raccroché" in fields for fields in drafts(few))


def test_what_was_saved_before_a_kill_is_there_once(few):
    with few.opened() as running:
        for text in ("un", "deux"):
            running.press("o")
            running.wait_for("Note interne")
            running.settle()
            running.send(text.encode())
            running.settle()
            running.press("f2")
            running.wait_for("Note enregistrée")
            running.settle()
        running.kill(signal.SIGKILL)
        running.wait_exit()
    assert [note["texte"] for note in few.dossier(FIRST)["notes"]] == ["un", "deux"]
    with few.opened() as running:
        running.press("u")
        running.wait_for(r"Rien\sà\sannuler")
        running.press("q")
        assert running.wait_exit() == 0
    assert [note["texte"] for note in few.dossier(FIRST)["notes"]] == ["un", "deux"]


@pytest.mark.parametrize("how", ["typed", "pasted"])
def test_french_reaches_a_note_and_the_line_commands(few, how):
    with few.opened() as running:
        running.press("o")
        running.wait_for("Note interne")
        running.settle()
        if how == "pasted":
            running.send(b"\x1b[200~" + TYPED.encode() + b"\x1b[201~")
        else:
            for char in TYPED:
                running.send(char.encode())
        running.wait_for(re.escape(TYPED))
        running.press("f2")
        running.wait_for("Note enregistrée")
        running.settle()
        running.press("q")
        assert running.wait_exit() == 0
    assert [note["texte"] for note in few.dossier(FIRST)["notes"]] == [TYPED]
    assert TYPED in few.run("fiche", *FIRST.split("·"), "--complet")


def test_what_is_typed_before_the_form_is_there_goes_into_it(few):
    before = few.dossier(FIRST)
    with few.opened() as running:
        running.send("oBéguin pas cap".encode())
        running.wait_for("Béguin pas cap")
        running.send(b"\x1b[12~\x1bOQ")
        running.send("\raa\t\t\tElle a raccroché".encode())
        running.wait_for("Elle a raccroché")
        running.wait_for(r"● téléphone")
    after = few.dossier(FIRST)
    assert [note["texte"] for note in after.pop("notes")] == ["Béguin pas cap"]
    assert {name for name in after if after[name] != before.get(name)} == {"history", "rev"}


def test_french_reaches_the_filter(few):
    with few.opened() as running:
        running.press("/")
        running.wait_for("Filtre")
        running.settle()
        for char in "müller":
            running.send(char.encode())
        running.wait_for("MÜLLER Émile")
        running.wait_for("müller")


@pytest.mark.parametrize("options", [(), ("--simple",)], ids=["cadres", "simple"])
def test_the_terminal_s_cursor_is_on_the_selected_row(few, options):
    with few.opened(*options) as running:
        for key in ("down", "down", "up"):
            running.press(key)
            running.settle()
            row, _ = running.screen.cursor
            lines = running.text.splitlines()
            selected = lines[row]
            assert re.search(r"\d{3}·\d{7}", selected), f"{row}\n{running.text}"
        assert "681·0366915" in selected


def test_a_braille_display_meets_no_frame(few):
    with few.opened("--simple") as running:
        for key in ("enter", "o", "escape", "g", "escape", "?"):
            running.press(key)
            running.settle()
            assert not re.search("[\u2500-\u257f]", running.text), running.text
        shown, hidden = running.output.rfind(b"\x1b[?25h"), running.output.rfind(b"\x1b[?25l")
        assert shown > hidden


def test_without_colour_the_selection_is_still_seen(few):
    with few.opened(env={"NO_COLOR": "1"}) as running:
        used = set(map(int, COLOUR.findall(running.output)))
        assert used <= GREYS
        assert len(used) > 3
        running.press("n")
        running.wait_for("Placé ici parce que".replace(" ", r"\s"))


def test_sixteen_colours_are_enough(few):
    (few.store.path / "reglages.toml").write_text('couleurs = "ansi-dark"\n', encoding="utf-8")
    with few.opened(env={"TERM": "xterm"}) as running:
        assert not re.search(rb"\x1b\[[0-9;]*38;2;", running.output)
        running.press("down")
        running.settle()
        assert running.text.count("·") > 20


def test_a_terminal_too_small_says_so_and_comes_back(few):
    with few.opened(columns=50, rows=12, until=[r"trop\spetit"]) as running:
        assert "60 x 16" in running.text.replace("\xa0", " ")
        running.resize(80, 24)
        running.wait_for(r"\d{3}·\d{7}")
        running.press("down")
        running.settle()
        running.resize(50, 12)
        running.wait_for(r"trop\spetit")
        running.resize(120, 40)
        running.wait_for(FIRST)
        running.press("q")
        assert running.wait_exit() == 0


def test_the_mouse_is_left_to_the_terminal_when_asked(few):
    with few.opened("--sans-souris") as running:
        assert b"\x1b[?1000h" not in running.output
        assert b"\x1b[?1003h" not in running.output


def test_a_copy_goes_to_the_terminal_alone(few):
    import base64

    with few.opened() as running:
        running.mark()
        running.press("y")
        running.wait_for(r"«\s4845426\s»\senvoyé")
        assert b"\x1b]52;c;" + base64.b64encode(b"4845426") + b"\a" in running.output
