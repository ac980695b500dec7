"""French as terminals send it, on a real pseudo-terminal: typed key by key, and pasted."""

import fcntl
import json
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest
from hostile import leaks

pytestmark = pytest.mark.pty

HERE = Path(__file__).parent
TYPED = "éèçàùêïœ€@#{}[]"
KINDS = ("input", "area", "ligne", "texte", "le", "heure")
PATIENCE = 30.0
F10 = b"\x1b[21~"
# Modes, cursor, colours, queries, synchronised output, the shape of the pointer.
TEXTUAL_OWN = re.compile(r"\x1b\[[<>=?]?[0-9;:$]*[ -/]*[a-zA-Z]|\x1b[=>78]|\x1b]22;[a-z]+\x07")


class Terminal:
    """A program on a pseudo-terminal of 80x24, with the screen it draws."""

    def __init__(self, *arguments):
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.received = b""
        self.side, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}"}
        self.program = subprocess.Popen(
            [sys.executable, str(HERE / "apps" / "typing_app.py"), *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)

    def send(self, data):
        os.write(self.side, data)

    def read(self, until):
        """Take what the program writes until the condition holds; the program's end also ends it."""
        limit = time.monotonic() + PATIENCE
        while not until():
            ready, _, _ = select.select([self.side], [], [], max(0, limit - time.monotonic()))
            assert ready, "\n".join(self.screen.display)
            try:
                data = os.read(self.side, 65536)
            except OSError:
                return
            if not data:
                return
            self.received += data
            # pyte takes these for text of its own: private queries are nothing a screen shows.
            self.stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;$]*[a-zA-Z]", b"", data))

    def shows(self, text):
        return text in "".join(self.screen.display).replace("\n", "")

    def finish(self):
        self.send(F10)
        self.read(lambda: False)
        code = self.program.wait(timeout=PATIENCE)
        os.close(self.side)
        return code


@pytest.fixture
def run(tmp_path):
    started = []

    def start(kind, ready="prêt"):
        terminal = Terminal(kind, str(tmp_path / "received.json"))
        started.append(terminal)
        terminal.read(lambda: terminal.shows(ready))
        return terminal

    yield start
    for terminal in started:
        if terminal.program.poll() is None:
            terminal.program.kill()
            terminal.program.wait()


def received(terminal, tmp_path):
    assert terminal.finish() == 0
    return json.loads((tmp_path / "received.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_typed_one_by_one(run, tmp_path, kind):
    terminal = run(kind)
    for end, char in enumerate(TYPED, 1):
        terminal.send(char.encode())
        terminal.read(lambda end=end: terminal.shows(TYPED[:end]))
    assert received(terminal, tmp_path) == TYPED


def test_a_character_whose_bytes_come_apart(run, tmp_path):
    terminal = run("ligne")
    for end, char in enumerate(TYPED, 1):
        for byte in char.encode():
            terminal.send(bytes([byte]))
        terminal.read(lambda end=end: terminal.shows(TYPED[:end]))
    assert received(terminal, tmp_path) == TYPED


@pytest.mark.parametrize("kind", KINDS)
def test_pasted(run, tmp_path, kind):
    terminal = run(kind)
    terminal.send(b"\x1b[200~" + TYPED.encode() + b"\x1b[201~")
    terminal.read(lambda: terminal.shows(TYPED))
    assert received(terminal, tmp_path) == TYPED


@pytest.mark.parametrize(("kind", "kept"), [("ligne", "un été deux"), ("texte", "un\nété\ndeux")])
def test_a_paste_of_several_lines_with_things_hidden_in_it(run, tmp_path, kind, kept):
    terminal = run(kind)
    terminal.send(b"\x1b[200~" + "un\re\u0301té\r\x07de\u202eu\u200b\x9bx".encode() + b"\x1b[201~")
    terminal.read(lambda: terminal.shows("deux"))
    assert received(terminal, tmp_path) == kept


def test_nothing_hostile_reaches_the_terminal(run, tmp_path):
    terminal = run("hostile", ready="F2 Enregistrer")
    for _ in range(8):
        terminal.send(b"\t")
    assert received(terminal, tmp_path) is None
    sent = terminal.received.decode()
    assert leaks(TEXTUAL_OWN.sub("", sent).replace("\r", "")) == []
    assert "\x1b[2J" not in sent
    assert "exemple.test" in sent
