"""The reference data, one function a file; each file is read at its first use and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from gca_tui.domain.lexicon import (
    Accusation,
    Code,
    Famille,
    Jargon,
    Juge,
    Lexicon,
    Medical,
    Prescription,
    Prestation,
    RecoursPrealable,
    Responsabilite,
    Sigle,
)
from gca_tui.reference.entries import Caisse, Nature, Term


@cache
def caisses() -> Mapping[str, Caisse]:
    """The 101 departmental caisses, under each of their codes."""
    return MappingProxyType({row["code"]: Caisse(**row) for row in _rows("caisses.csv")})


@cache
def prestations() -> Mapping[str, Prestation]:
    """The benefits by code."""
    found = {}
    for row in _rows("prestations.csv"):
        minimum = row.pop("minimum_social") == "oui"
        found[row["code"]] = Prestation(famille=row.pop("famille_recours"), minimum_social=minimum, **row)
    return MappingProxyType(found)


@cache
def motifs() -> Mapping[str, Code]:
    """Why there is a trop-perçu (MOTIINDU)."""
    return _codes("motifs.csv")


@cache
def origines() -> Mapping[str, Code]:
    """What revealed the trop-perçu (ORIINDU)."""
    return _codes("origines.csv")


@cache
def responsabilites() -> Mapping[str, Responsabilite]:
    """To whom the trop-perçu is put down (RESPINDU)."""
    return MappingProxyType({row["code"]: Responsabilite(**row) for row in _rows("responsabilites.csv")})


@cache
def situations() -> Mapping[str, Code]:
    """Family situations (SITFAM)."""
    return _codes("situations.csv")


@cache
def natures() -> Mapping[str, Nature]:
    """What a pièce may be."""
    return _spelled("natures.csv")


@cache
def canaux() -> Mapping[str, Nature]:
    """By what way a pièce or a contact came."""
    return _spelled("canaux.csv")


@cache
def jargon() -> tuple[Jargon, ...]:
    """Words to replace in what families read."""
    return tuple(Jargon(**row) for row in _rows("jargon.csv"))


@cache
def accusations() -> tuple[Accusation, ...]:
    """Words that accuse, and what to write instead."""
    return tuple(Accusation(**row) for row in _rows("accusations.csv"))


@cache
def medical() -> tuple[Medical, ...]:
    """Words that tell of somebody's health."""
    return tuple(Medical(**row) for row in _rows("medical.csv"))


@cache
def sigles() -> tuple[Sigle, ...]:
    """Sigles beside those of the jargon, in full."""
    return tuple(Sigle(**row) for row in _rows("sigles.csv"))


@cache
def glossaire() -> tuple[Term, ...]:
    """The words explained on screen."""
    terms = []
    for row in _rows("glossaire.csv"):
        terme, *alias = row.pop("terme").split("|")
        terms.append(Term(terme=terme, alias=tuple(alias), **row))
    return tuple(terms)


@cache
def recours() -> Mapping[str, Famille]:
    """The five recourse families by code."""
    import json

    families = json.loads(_text("recours.json"))["familles"]
    return MappingProxyType({code: _famille(code, fields) for code, fields in families.items()})


@cache
def lexicon() -> Lexicon:
    """What the domain compares explanations with."""
    return Lexicon(
        caisses=MappingProxyType({code: caisse.nom for code, caisse in caisses().items()}),
        prestations=prestations(),
        familles=recours(),
        motifs=motifs(),
        origines=origines(),
        responsabilites=responsabilites(),
        jargon=jargon(),
        accusations=accusations(),
        medical=medical(),
        sigles=sigles(),
    )


def _famille(code: str, fields: dict[str, Any]) -> Famille:
    prealable, prescription = fields.pop("recours_prealable"), fields.pop("prescription")
    fields.update({name: tuple(fields[name]) for name in ("prestations", "verifie", "a_valider")})
    return Famille(
        code=code,
        recours_prealable=RecoursPrealable(**prealable) if prealable else None,
        juge=Juge(**fields.pop("juge")),
        prescription=Prescription(**prescription) if prescription else None,
        **fields,
    )


def _codes(name: str) -> Mapping[str, Code]:
    return MappingProxyType({row["code"]: Code(**row) for row in _rows(name)})


def _spelled(name: str) -> Mapping[str, Nature]:
    rows = list(_rows(name))
    return MappingProxyType(
        {row["code"]: Nature(row["code"], row["libelle"], tuple(row["alias"].split("|"))) for row in rows}
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Lines of a file, its `#` header left out."""
    from csv import DictReader

    lines = (line for line in _text(name).splitlines() if not line.startswith("#"))
    yield from DictReader(lines, delimiter=";")


def _text(name: str) -> str:
    from importlib.resources import files

    return files("gca_tui.reference").joinpath(name).read_text(encoding="utf-8")
