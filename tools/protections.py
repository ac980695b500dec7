"""Takes away each protection of the exchanges in turn and says which test notices: `python -m tools.protections`.

The product has no switch for it: a function is replaced by name in a process of its own, which then runs the short
history made for that protection (`tests/sync/scenarios.py`) and random ones (`tests/sync/histories.py`). Writes
`docs/protections.md`. Exit code 1 when a protection can go without any test turning red, or when the unmutated run does
not pass. `--histories N` sets how many are run at most (the unmutated run has all of them), names choose protections.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "protections.md"
BATCH = 10
"""Histories under one seed: a failure is known to that many."""
HISTORIES = 400
FIRST_SEED = 7_000_000
CHILD_TIMEOUT = 3_600
Replacement = Callable[[Any], Any]


@dataclass(frozen=True)
class Patch:
    """A function, `module:name` or `module:Class.name`, and what makes its replacement from it."""

    place: str
    make: Replacement

    def apply(self) -> None:
        """Put the replacement there. Raises AttributeError when there is no such function any more."""
        module, _, path = self.place.partition(":")
        owner: Any = importlib.import_module(module)
        *classes, name = path.split(".")
        for one in classes:
            owner = getattr(owner, one)
        setattr(owner, name, self.make(getattr(owner, name)))


@dataclass(frozen=True)
class Protection:
    """What it protects and how it is taken away. `behind` is a second line of defence, taken away too when nothing
    notices; `second` names it.
    """

    name: str
    protects: str
    patches: tuple[Patch, ...]
    behind: tuple[Patch, ...] = ()
    second: str = ""


def _always(value: Any) -> Replacement:
    return lambda original: lambda *_, **__: value


def _without_seen(original: Any) -> Any:
    def checked(connection: Any, scope: str, position: Any, head: Any) -> Any:
        return original(connection, scope, position.model_copy(update={"seen": position.cur}), head)

    return checked


def _every_base(original: Any) -> Any:
    def raised(bases: Any, set_now: Any) -> Any:
        newest = max(set_now.values(), default=0)
        return {name: max(base.rev, newest) for name, base in bases.items()}

    return raised


def _cursor_only(original: Any) -> Any:
    return lambda page: [page.cur]


PROTECTIONS = (
    Protection(
        "dedupe",
        "A command that came before gets the answer it got, and is not applied again.",
        (Patch("gca_tui.server.settling:Settling._known", _always({})),),
    ),
    Protection(
        "conflict",
        "A field that somebody else set since its author looked is not replaced.",
        (Patch("gca_tui.server.deciding:moved_since", _always(())),),
    ),
    Protection(
        "lineage",
        "A pull from a place that is not in the server's journal is turned away.",
        (Patch("gca_tui.server.pulling:_of_lineage", _always(True)),),
    ),
    Protection(
        "seen",
        "So is one by a machine that was shown a later place, be it by the answer to a push.",
        (Patch("gca_tui.server.pulling:_of_lineage", _without_seen),),
    ),
    Protection(
        "push lineage",
        "A push by a machine that was shown what the server does not have applies nothing.",
        (Patch("gca_tui.server.admitting:is_of_this_history", _always(True)),),
    ),
    Protection(
        "head",
        "The newest mark that a page tells of counts as shown, not only the one it goes up to.",
        (Patch("gca_tui.store.receiving:_shown", _cursor_only),),
    ),
    Protection(
        "own-field base",
        "An acknowledgement raises the bases of later commands for the fields that it set, and no others.",
        (Patch("gca_tui.store.sending:_raised", _every_base),),
        behind=(Patch("gca_tui.server.deciding:_is_other", _always(False)),),
        second="values compared at equal revisions (`deciding._is_other`)",
    ),
)


@dataclass(frozen=True)
class Outcome:
    """What a child saw: what failed in the protection's own scenario and in random histories, "" for nothing.

    `histories`: how many of these it ran, the failing ones included.
    """

    histories: int
    seconds: float
    scenario: str = ""
    random: str = ""

    @property
    def red(self) -> bool:
        """Whether anything noticed."""
        return bool(self.scenario or self.random)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit code."""
    options = _options(arguments)
    if options.child is not None:
        return _child(options.child, options.histories, options.seed, behind=options.behind)
    chosen = [one for one in PROTECTIONS if not options.names or one.name in options.names]
    plain = _run("", options)
    print(f"unmutated: {_told(plain)}", flush=True)
    found = [(one, *_without(one, options)) for one in chosen]
    if not options.names:
        PAGE.write_text(_page(plain, found), "utf-8")
    survivors = [one.name for one, outcome, _ in found if not outcome.red]
    for name in survivors:
        print(f"SURVIVED: {name}", flush=True)
    return int(bool(survivors or plain.red))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--child", default=None, help=argparse.SUPPRESS)
    parser.add_argument("--behind", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _without(one: Protection, options: argparse.Namespace) -> tuple[Outcome, bool]:
    """What notices that a protection is gone, and whether its second line had to go too."""
    alone = _run(one.name, options)
    print(f"{one.name}: {_told(alone)}", flush=True)
    if alone.red or not one.behind:
        return alone, False
    both = _run(one.name, options, behind=True)
    print(f"{one.name}, with its second line: {_told(both)}", flush=True)
    return both, True


def _told(outcome: Outcome) -> str:
    said = f"scenario {outcome.scenario or 'green'}; random {outcome.random or 'green'}"
    return f"{said}; {outcome.histories} histories, {outcome.seconds:.0f} s"


def _run(name: str, options: argparse.Namespace, *, behind: bool = False) -> Outcome:
    """Run a child and read its last line."""
    command = [sys.executable, "-m", "tools.protections", "--child", name]
    command += ["--histories", str(options.histories), "--seed", str(options.seed), *(["--behind"] if behind else [])]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=CHILD_TIMEOUT, check=False)
    lines = ended.stdout.strip().splitlines()
    if ended.returncode or not lines:
        raise SystemExit(f"the child for « {name} » failed:\n{ended.stdout}\n{ended.stderr}")
    return Outcome(**json.loads(lines[-1]))


def _child(name: str, histories: int, seed: int, *, behind: bool) -> int:
    """In a process of its own: take the protection away, run histories until one is red, print what was seen."""
    for one in PROTECTIONS:
        if one.name == name:
            for patch in (*one.patches, *(one.behind if behind else ())):
                patch.apply()
    world: Any = importlib.import_module("tests.sync.world")
    course: Any = importlib.import_module("tests.sync.histories")
    scenarios: Any = importlib.import_module("tests.sync.scenarios")
    began, done, random = time.monotonic(), 0, ""
    with tempfile.TemporaryDirectory() as folder, world.hurried():
        ground = world.prepare(Path(folder) / "serveur.db", Path(folder) / "postes")
        own = [scenarios.SCENARIOS[name]] if name else list(scenarios.SCENARIOS.values())
        found = [_seen(partial(_play, world, ground, Path(folder) / f"monde{n}", one)) for n, one in enumerate(own)]
        while done < histories and not random:
            random = _seen(partial(course.run, ground, seed + done, BATCH, shrink=False))
            done += BATCH
        ground.close()
    scenario = next(filter(None, found), "")
    print(json.dumps(asdict(Outcome(done, time.monotonic() - began, scenario, random))))
    return 0


def _play(world: Any, ground: Any, folder: Path, scenario: Callable[[Any], None]) -> None:
    with closing(world.World(ground, folder)) as made:
        scenario(made)


def _seen(work: Callable[[], None]) -> str:
    """What a run failed on, in a few words; "" when it passed."""
    try:
        work()
    except Exception as error:
        said = error.args[0] if error.args else ""
        first = said[0] if isinstance(said, tuple) and said else str(said).splitlines()[0] if said else ""
        return f"{type(error).__name__}: {first}".strip(": ")[:160]
    return ""


_HEAD = """# The protections of the exchanges, taken away one by one

Made by `python -m tools.protections`; do not edit. In a process of its own each protection is replaced by nothing, then
real machines and a real server on SQLite play the short history made for it (`tests/sync/scenarios.py`) and random ones
(`tests/sync/histories.py`: bad lines, crashes, restored servers, reassignments, changes of rules), ten under a seed,
until an oracle turns red. A protection that can go unnoticed makes the script fail.

"""


def _page(plain: Outcome, found: Sequence[tuple[Protection, Outcome, bool]]) -> str:
    rows = [
        f"| {one.name} | {one.protects} | {_changed(one, second)} | {_cell(outcome.scenario)} | {_random(outcome)} |"
        for one, outcome, second in found
    ]
    table = [
        "| Protection | What it is for | Taken away | Its own history | Random histories |",
        "|--|--|--|--|--|",
        *rows,
    ]
    state = "all green" if not plain.red else f"{plain.scenario} {plain.random}"
    return (
        f"{_HEAD}With everything in place: {plain.histories} random histories, {state}.\n\n" + "\n".join(table) + "\n"
    )


def _changed(one: Protection, second: bool) -> str:
    places = ", ".join(f"`{patch.place.removeprefix('gca_tui.')}`" for patch in one.patches)
    return places + (f", and {one.second}, which covers for it" if second else "")


def _random(outcome: Outcome) -> str:
    if not outcome.random:
        return f"nothing in {outcome.histories}"
    return f"{_cell(outcome.random)}, within {outcome.histories}"


def _cell(said: str) -> str:
    return said.replace("|", "/") or "**nothing**"


if __name__ == "__main__":
    sys.exit(main())
