"""Reading extracts in tests: one author, one day, ids that count."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.values import Author
from gca_tui.extracts import ParsedExtract, Reject, read_extracts

FIXTURES = Path(__file__).parents[2] / "fixtures" / "extraits"
BROKEN = FIXTURES / "casses"
LE = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
AUTHOR = Author(identifiant="import", nom="Import de l’extrait")


def read(*paths: Path) -> ParsedExtract:
    names = (f"{paths[0].stem}-{n}" for n in itertools.count(1))
    return read_extracts(paths, author=AUTHOR, at=AT, le=LE, new_id=lambda: next(names))


def read_text(folder: Path, text: str, name: str = "extrait.csv") -> ParsedExtract:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


def by_key(parsed: ParsedExtract) -> dict[tuple[str, str], ReceiveExtract]:
    return {(command.caisse, command.matricule): command for command in parsed.commands}


def places(rejects: Iterable[Reject]) -> list[tuple[int, int, str]]:
    return [(reject.record, reject.line, reject.column) for reject in rejects]
