"""The templates and data that texts are made of: ours, or those a caisse put beside the store.

`modeles/681/raison.txt` of the data folder serves caisse 681, `modeles/raison.txt` all of them, else ours does. One
that cannot be used never stops an agent: ours takes its place, and the reader is told which file, which line and why.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gca_tui.domain.explanation.placeholders import to_complete
from gca_tui.domain.french import typeset
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = "modeles"
"""Name of the folder, beside the store, where a caisse puts its own."""
_SIZE = 100_000
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_CODE = re.compile(r"[0-9A-Za-z]{1,8}")
Read = TypeVar("Read")


class Text(NamedTuple):
    """What a template made, and what was wrong with the caisse's own (French sentences for the agent)."""

    text: str
    problems: tuple[str, ...] = ()


class Data(NamedTuple):
    """What a data file holds, and what was wrong with the caisse's own (French sentences for the agent)."""

    data: Mapping[str, Any]
    problems: tuple[str, ...] = ()


class Models:
    """Templates (`.txt`) and data (`.toml`) by name. `folder` is the data folder; None: ours only."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder / FOLDER if folder else None
        self._read: dict[object, Any] = {}
        self._problems: dict[str, None] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """All that was found wrong with the caisses' own files so far, in French, each once."""
        return tuple(self._problems)

    def text(self, name: str, caisse: str, values: Mapping[str, Any]) -> Text:
        """The text of a template for a caisse; `values` are mappings, sequences and texts.

        So many trop-perçus that no text holds them leave it to be completed.
        """
        from gca_tui.writing.templating import TemplateRefused

        try:
            return Text(*self._first(f"{name}.txt", caisse, lambda source: self.filled(source, values)))
        except TemplateRefused as error:
            told = typeset(f"Le programme n’a pas pu faire la section « {SECTIONS[name]} » : {error.what}.")
            return Text(to_complete(SECTIONS[name].rstrip("\u00a0 ?")), (told, *self.problems))

    def data(self, name: str, caisse: str, check: Callable[[Mapping[str, Any]], str] | None = None) -> Data:
        """The data of a file for a caisse. `check` says in French what is wrong with them, "" when nothing is."""

        def make(source: str) -> Mapping[str, Any]:
            found = _toml(source)
            if wrong := check(found) if check else "":
                raise _Wrong(wrong)
            return found

        return Data(*self._first(f"{name}.toml", caisse, make))

    def filled(self, source: str, values: Mapping[str, Any]) -> str:
        """The text of a template given as such. Raises templating.TemplateRefused when it cannot be used."""
        from gca_tui.writing.templating import rendered

        return rendered(self._template(source, values.keys()), values)

    def wrong_text(self, source: str, names: Collection[str]) -> str:
        """Why a template whose values are texts of these names cannot be used, in French; "" when it can."""
        from gca_tui.writing.templating import TemplateRefused

        try:
            self.filled(source, dict.fromkeys(names, ""))
        except TemplateRefused as error:
            return error.what
        return ""

    def _first(self, name: str, caisse: str, make: Callable[[str], Read]) -> tuple[Read, tuple[str, ...]]:
        """What the first usable file gives, and why those before it were not."""
        problems: list[str] = []
        for path in self._own(name, caisse):
            try:
                return _made(path, make), tuple(problems)
            except InputError as error:
                problems.append(str(error))
                self._problems[str(error)] = None
        return make(files("gca_tui.writing").joinpath(FOLDER, name).read_text(encoding="utf-8")), tuple(problems)

    def _own(self, name: str, caisse: str) -> Iterator[Path]:
        """The caisse's own files of that name, the nearest first."""
        if self._folder is None:
            return
        places = [self._folder / caisse] if _CODE.fullmatch(caisse) else []
        for place in (*places, self._folder):
            is_misplaced = os.path.lexists(place) and not place.is_dir()
            if is_misplaced or os.path.lexists(place / name):
                yield place / name

    def _template(self, source: str, names: Collection[str]) -> Template:
        from gca_tui.writing.templating import compiled

        key = (source, frozenset(names))
        if key not in self._read:
            self._read[key] = compiled(source, names)
        found: Template = self._read[key]
        return found


class _Wrong(Exception):
    """A file that can be read and does not hold what it should."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line


def _made(path: Path, make: Callable[[str], Read]) -> Read:
    """What a caisse's file gives. Raises InputError, which says where and why it cannot be used."""
    import tomllib

    from gca_tui.writing.templating import TemplateRefused

    try:
        if not path.is_file():
            raise _unusable(path, "un fichier est attendu ici, dans un vrai dossier")
        if path.stat().st_size > _SIZE:
            raise _unusable(path, f"il dépasse {_SIZE} octets")
        return make(_clean(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise _unusable(path, "il ne peut pas être lu") from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "il n’est pas en UTF-8") from error
    except TemplateRefused as error:
        raise _unusable(path, error.what, error.line) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise _unusable(path, "ce n’est pas du TOML", int(found[1]) if found else 0) from error
    except RecursionError as error:
        raise _unusable(path, "ses parenthèses ou ses crochets sont trop imbriqués") from error
    except _Wrong as error:
        raise _unusable(path, str(error), error.line) from error


def _clean(source: str) -> str:
    """The source, its accents composed. Raises _Wrong on what nobody would see in a letter: controls, overrides."""
    text = unicodedata.normalize("NFC", source)
    for number, line in enumerate(text.split("\n"), 1):
        for one in line.replace("\t", " "):
            if unicodedata.category(one) in _UNSEEN:
                raise _Wrong(f"il contient un caractère invisible (U+{ord(one):04X})", number)
    return text


def _unusable(path: Path, why: str, line: int = 0) -> InputError:
    place = f" (ligne {line})" if line else ""
    return InputError(
        typeset(f"Le modèle {path.name} n’est pas utilisable{place} : {why}."),
        "Celui du programme l’a remplacé.",
        f"Corrigez ou retirez {path}",
    )


def _toml(source: str) -> Mapping[str, Any]:
    import tomllib

    return tomllib.loads(source)
