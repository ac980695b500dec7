"""The rules of the caisses as a TOML file: read whole or refused whole, and written from what is in force."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gca_tui.cli.output import json_line
from gca_tui.domain.french import euros, parse_cents
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.errors import InputError

TABLE = "caisse"
SIZE_LIMIT = 65_536
"""Bytes of a file."""
_TEXT_LIMIT = 300
_ATTEMPTS = 20
_AMOUNT = 100_000_000
_SAID = 10
_CODE = re.compile(r"\d{3}", re.ASCII)
_KEPT = "Rien n’a changé."
_MEND = "Corrigez le fichier, puis relancez ; --modele en donne un qui convient."


class Wrong(ValueError):
    """A value that is not what its key expects; the words say what is expected."""


@dataclass(frozen=True)
class Key:
    """A line of the file: its name there, the setting it gives, how it is read, what it is for."""

    name: str
    setting: str
    read: Callable[[Any], Any]
    label: str


@dataclass(frozen=True)
class Rules:
    """What a file says, all of it valid."""

    common: Mapping[str, Any]
    caisses: Mapping[str, CaisseSettings]

    def over(self, settings: Settings) -> Settings:
        """The settings with these rules. What the file leaves out is as the program has it at first."""
        first = Settings()
        common = {key.setting: self.common.get(key.setting, getattr(first, key.setting)) for key in COMMON}
        return settings.model_copy(update={**common, "caisses": dict(self.caisses)})


def _cents(value: Any) -> int:
    expected = f"attendu un montant en euros, de {euros(1)} à {euros(_AMOUNT)}, par exemple 1500.00"
    if isinstance(value, str):
        try:
            value = Decimal(parse_cents(value)) / 100
        except ValueError:
            raise Wrong(expected) from None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Wrong(expected)
    known = Decimal(value)
    if not known.is_finite() or not 0 < known <= _AMOUNT // 100 or known.as_tuple().exponent not in range(-2, 1):
        raise Wrong(expected)
    return int(known * 100)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("attendu true ou false, sans guillemets")
    return value


def _attempts(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _ATTEMPTS:
        raise Wrong(f"attendu un nombre entier, de 0 à {_ATTEMPTS}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("attendu un texte entre guillemets")
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > _TEXT_LIMIT or any(unicodedata.category(one)[0] == "C" for one in text):
        raise Wrong(f"attendu un texte d’une ligne, {_TEXT_LIMIT} caractères au plus, sans caractère invisible")
    return text


COMMON = (
    Key("seuil", "threshold", _cents, "Trop-perçu notifié à partir duquel une explication est due"),
    Key("contact_obligatoire", "contact_blocks", _flag, "Sans contact avec la famille, on ne clôture pas"),
    Key("essais_de_contact", "contact_attempts", _attempts, "Essais de contact attendus"),
)
OWN = (
    Key("adresse", "adresse", _text, "Adresse où les familles écrivent"),
    Key("telephone", "telephone", _text, "Téléphone où les familles appellent"),
    Key("departement", "departement", _text, "Conseil départemental"),
    Key("adresse_departement", "adresse_departement", _text, "Adresse du conseil départemental"),
    Key("tribunal_administratif", "tribunal_administratif", _text, "Tribunal administratif"),
    Key("tribunal_judiciaire", "tribunal_judiciaire", _text, "Tribunal judiciaire"),
    Key("rsa_delegue", "rsa_delegue", _flag, "La caisse décide des recours RSA pour le département"),
)
"""COMMON may stand before any table, for all the caisses, and with OWN in the table of one caisse."""


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises InputError naming the file, each key that is wrong and what is expected there."""
    wrong: list[str] = []
    written = _parsed(path)
    tables = written.pop(TABLE, {})
    common = _values(written, COMMON, "", wrong)
    caisses = {}
    if not isinstance(tables, dict):
        wrong.append(f"{TABLE} : attendu une table par caisse, [{TABLE}.681]")
        tables = {}
    for code, table in tables.items():
        place = f"[{TABLE}.{code}]"
        if not _CODE.fullmatch(code) or not isinstance(table, dict):
            wrong.append(f"{place} : attendu une table dont le nom est un code de caisse de trois chiffres")
        else:
            caisses[code] = CaisseSettings(**_values(table, (*COMMON, *OWN), f"{place} ", wrong))
    if wrong:
        more = f" ; et {len(wrong) - _SAID} de plus" if len(wrong) > _SAID else ""
        raise InputError(f"{path} : {' ; '.join(wrong[:_SAID])}{more}.", _KEPT, _MEND)
    return Rules(common, caisses)


def _values(table: Mapping[str, Any], keys: tuple[Key, ...], place: str, wrong: list[str]) -> dict[str, Any]:
    known = {key.name: key for key in keys}
    read = {}
    for name, value in table.items():
        key = known.get(name)
        try:
            if key is None:
                raise Wrong(f"clé inconnue, attendu l’une de {', '.join(known)}")
            read[key.setting] = key.read(value)
        except Wrong as expected:
            wrong.append(f"{place}{name} : {expected}")
    return read


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} ne se lit pas.", _KEPT, "Vérifiez son nom et ses droits.") from error
    if len(data) > SIZE_LIMIT:
        raise InputError(f"{path} dépasse {SIZE_LIMIT // 1024} Kio.", _KEPT, _MEND)
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path} n’est pas en UTF-8 (ligne {line}).", _KEPT, _MEND) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        place = f" (ligne {found[1]})" if found else ""
        raise InputError(f"{path} n’est pas un fichier TOML{place}.", _KEPT, _MEND) from error


def written_rules(settings: Settings, names: Mapping[str, str], command: str) -> str:
    """The file that gives the rules in force; `names` are those of the caisses by code, of which one is the example.

    `command` is the one that takes the file: `gca regles`.
    """
    lines = [
        "# Règles des caisses. Ce fichier les donne toutes ; ce qu’il ne dit pas reprend la valeur d’origine.",
        f"# Montants en euros. Pour le prendre, {command} --depuis CE_FICHIER",
        "",
        "# Pour toutes les caisses",
        *_lines(settings, COMMON, ""),
    ]
    for code in sorted({*settings.caisses, *names}):
        own = settings.caisses.get(code)
        mark = "" if own else "# "
        lines += ["", f"# {names.get(code, f'Caf {code}')}", f"{mark}[{TABLE}.{code}]"]
        lines += _lines(own or CaisseSettings(), (*OWN, *COMMON), mark, settings)
    return "\n".join(lines)


def _lines(source: Any, keys: tuple[Key, ...], mark: str, common: Settings | None = None) -> list[str]:
    """A line a key; one that says nothing of its own is shown as a comment."""
    lines = []
    for key in keys:
        value = getattr(source, key.setting)
        says = value is not None
        if not says:
            value = getattr(common, key.setting)
        lines.append(f"{mark or ('' if says else '# ')}{key.name} = {_toml(key, value)}  # {key.label}")
    return lines


def _toml(key: Key, value: Any) -> str:
    if key.read is _cents:
        return f"{value // 100}.{value % 100:02d}"
    return json_line(value)
