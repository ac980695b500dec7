"""Spelling, asked of a dictionary that lives in another process: nothing here waits but in the threads that call it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from gca_tui.domain.folding import plain
from gca_tui.domain.french import typeset

COMMAND = (sys.executable, "-P", "-m", "gca_tui.writing.speller")
_STARTS = 3
_REMEMBERED = 20_000
_LONGEST = 40
_WORD = re.compile(r"(?<![\w@/.’'-])[^\W\d_]+(?:[’'-][^\W\d_]+)*(?![\w@/]|[’'.-]\w)")
_LEFT_OUT = re.compile(r"\[\[[^\[\]]*\]\]|\S+@\S+|\bhttps?://\S+|\bwww\.\S+")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)[’']", re.IGNORECASE)
_TRADE = frozenset({"caf", "cafs", "paje", "prepare", "cnaf", "urssaf", "msa"})
"""Words of families' letters that the dictionary lacks, as `plain` writes them."""


@dataclass(frozen=True)
class Word:
    """A word to look up and where it stands; what is elided before it is left out."""

    start: int
    end: int
    word: str


@dataclass(frozen=True)
class Unavailable:
    """Why nothing can be said of the spelling, as a sentence for the agent; what is written is not concerned."""

    message: str


def spelled_words(text: str, known: Iterable[str] = ()) -> Iterator[Word]:
    """The words of a text that a dictionary can judge: no sigle, no digits, no address, no name of `known`."""
    own = _TRADE | {part for name in known for part in re.findall(r"\w+", plain(name))}
    left_out = [match.span() for match in _LEFT_OUT.finditer(text)]
    for match in _WORD.finditer(text):
        elided = _ELIDED.match(match[0])
        start = match.start() + (elided.end() if elided else 0)
        word = text[start : match.end()]
        is_sigle = word.isupper() and len(word) <= 6
        is_apart = any(first <= start < last for first, last in left_out)
        if len(word) > 1 and not is_sigle and not is_apart and not set(re.findall(r"\w+", plain(word))) <= own:
            yield Word(start, match.end(), word.replace("’", "'"))


class Speller:
    """A dictionary started at the first question and remembered answers. Questions are for a thread: they wait.

    A dictionary that fails is started again at a later question, three times in all.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._answers: SimpleQueue[str] = SimpleQueue()
        self._starts = 0
        self._closed = False
        self._right: dict[str, bool] = {}

    def unknown(self, words: Iterable[str], seconds: float = 20.0) -> set[str] | Unavailable:
        """Those of the words that the dictionary lacks, within some seconds, its start included."""
        asked = {word for word in words if len(word) <= _LONGEST}
        with self._lock:
            if fresh := sorted(asked - self._right.keys()):
                answer = self._ask({"words": fresh}, seconds)
                if isinstance(answer, Unavailable):
                    return answer
                if len(self._right) + len(fresh) > _REMEMBERED:
                    self._right.clear()
                lacking = set(answer["unknown"])
                self._right.update((word, word not in lacking) for word in fresh)
                return lacking | {word for word in asked if self._right.get(word) is False}
            return {word for word in asked if not self._right[word]}

    def suggest(self, word: str, seconds: float = 1.0) -> tuple[str, ...] | Unavailable:
        """What could be meant, the likeliest first: as many as are found within the time, which may be none."""
        with self._lock:
            answer = self._ask({"suggest": word[:_LONGEST], "seconds": seconds}, seconds + 20.0)
        return answer if isinstance(answer, Unavailable) else tuple(answer["suggestions"])

    def close(self) -> None:
        """End the dictionary's process at once; what is asked later is not answered."""
        self._closed = True
        self._stop()

    def __enter__(self) -> Speller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any] | Unavailable:
        deadline = time.monotonic() + seconds
        if not self._child and (failure := self._start(deadline)):
            return failure
        child = self._child
        if not child or not child.stdin:
            return _unavailable("il a été fermé")
        try:
            child.stdin.write(json.dumps(question) + "\n")
            child.stdin.flush()
        except (OSError, ValueError):
            return self._failed("il s’est arrêté")
        return self._answer(deadline)

    def _start(self, deadline: float) -> Unavailable | None:
        if self._closed or self._starts >= _STARTS:
            return _unavailable("il a été fermé" if self._closed else "il s’est arrêté plusieurs fois")
        self._starts += 1
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        try:
            self._child = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=nowhere, encoding="utf-8")
        except OSError:
            return _unavailable("il n’a pas pu démarrer")
        self._answers = SimpleQueue()
        threading.Thread(target=_pass_on, args=(self._child, self._answers), daemon=True).start()
        ready = self._answer(deadline)
        return ready if isinstance(ready, Unavailable) else None

    def _answer(self, deadline: float) -> dict[str, Any] | Unavailable:
        try:
            line = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            return self._failed("il n’a pas répondu à temps")
        try:
            answer = json.loads(line)
        except ValueError:
            return self._failed("il s’est arrêté")
        if not isinstance(answer, dict) or "error" in answer:
            return self._failed("il n’a pas pu être chargé")
        return answer

    def _failed(self, why: str) -> Unavailable:
        self._stop()
        return _unavailable("il a été fermé" if self._closed else why)

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return


def _pass_on(child: subprocess.Popen[str], answers: SimpleQueue[str]) -> None:
    """Every line of the dictionary, then an empty one: it has ended."""
    try:
        for line in child.stdout or ():
            answers.put(line)
    except (OSError, ValueError):
        pass  # closed meanwhile
    answers.put("")


def _unavailable(why: str) -> Unavailable:
    return Unavailable(typeset(f"Le dictionnaire n’est pas disponible : {why}. Le texte n’est pas touché."))
