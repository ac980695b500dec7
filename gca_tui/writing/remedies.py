"""What a letter says the family can do: whom to write to, until when, which court, recourse family by family."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gca_tui.domain.delai import JUGE, RECOURS, Delai, in_words, months_of_recourse
from gca_tui.domain.explanation.passed import passed
from gca_tui.domain.explanation.placeholders import to_complete
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.french import listed, possessive
from gca_tui.domain.lexicon import Famille, Lexicon
from gca_tui.domain.months import long_date
from gca_tui.domain.recours import DOCUMENTS_DAYS, late_rectification_counts
from gca_tui.domain.traces import RECTIFICATION
from gca_tui.writing.phrases import of, territory

_WORDS = 18
"""Words of names that still leave a readable sentence; above, they make a list."""
_FEMININE = "commission"


def rectification(about: Subject) -> str:
    """Until when a mistake may be reported, "" when no text gives a delay (prime de Noël alone), or it is over."""
    found = _delai(about.calendrier, RECTIFICATION)
    return found.dire if found and not passed(about, RECTIFICATION) else ""


def rectification_over(about: Subject) -> str:
    """The last day a rectification could be asked, "" while it still can."""
    return _day(passed(about, RECTIFICATION))


def is_any_recourse_open(about: Subject) -> bool:
    """Whether one family's decision at least can still be contested."""
    return any(not passed(about, RECOURS, famille.code) for famille in about.familles)


def is_any_recourse_over(about: Subject) -> bool:
    """Whether one family's decision at least can no longer be contested."""
    return any(passed(about, RECOURS, famille.code) for famille in about.familles)


def recourses(about: Subject, lexicon: Lexicon) -> list[dict[str, Any]]:
    """One entry a recourse family, then one for what no family is known of."""
    entries = [_recourse(famille, about, lexicon) for famille in about.familles]
    _say_addresses_once(entries)
    unknown = [part for part in about.parts if part.famille is None]
    if unknown:
        entries.append({**_names(unknown), **_NOTHING, "inconnu": to_complete("recours")})
    return entries


def _say_addresses_once(entries: Sequence[dict[str, Any]]) -> None:
    """Two families may go to one court: its address stands under the first."""
    said: set[str] = set()
    for entry in entries:
        if entry["tribunal_adresse"] in said:
            entry["tribunal_adresse"] = ""
        said.add(entry["tribunal_adresse"])


def name(part: Part) -> str:
    """How a sentence names its prestation; a code nobody knows is called `prestation XYZ`."""
    return part.libelle if part.prestation else f"prestation {part.libelle}".rstrip()


_NOTHING: dict[str, Any] = {
    "inconnu": "",
    "direct": False,
    "autorite": "",
    "delegation": "",
    "adresse": "",
    "tribunal": "",
    "tribunal_adresse": "",
    "delai": "",
    "passe": "",
    "juge_ouvert": False,
    "rectification_tardive": "",
    "suspendu": "",
    "retenues": "",
}


def _recourse(famille: Famille, about: Subject, lexicon: Lexicon) -> dict[str, Any]:
    settings = about.settings
    place = territory(settings.departement, about.caisse_nom, lexicon.caisses) or "de votre département"
    president = f"{famille.lettre_autorite} {place}"
    of_department = famille.code == "RSA"
    delegated = of_department and settings.rsa_delegue
    found, over = _delai(about.calendrier, RECOURS, famille.code), passed(about, RECOURS, famille.code)
    court, address = _court(famille, about)
    judge_open = famille.recours_prealable is not None and not passed(about, JUGE, famille.code)
    return {
        **_NOTHING,
        **_names([part for part in about.parts if part.famille is famille]),
        "direct": famille.recours_prealable is None,
        "autorite": f"à la {about.caisse_nom}" if delegated else _authority(famille, about, president),
        "delegation": f"du {president}" if delegated else "",
        "adresse": settings.adresse_departement if of_department and not delegated else "",
        "tribunal": court,
        "tribunal_adresse": address if judge_open or not over else "",
        "delai": found.dire if found and not over else "",
        "passe": _day(over),
        "juge_ouvert": judge_open,
        "rectification_tardive": _late_days(famille, about, found),
        "suspendu": in_words(months_of_recourse(famille)) if found and found.suspendu else "",
        "retenues": _withholding(famille),
    }


def _authority(famille: Famille, about: Subject, president: str) -> str:
    """`au président du conseil départemental du Haut-Rhin`, `à la commission de recours amiable de la Caf du…`."""
    named = famille.lettre_autorite
    if famille.code == "RSA":
        named = president
    elif named.endswith(" Caf"):
        named = f"{named.removesuffix('Caf')}{about.caisse_nom}"
    else:
        named = f"{named} de la {about.caisse_nom}"
    return f"à la {named}" if named.startswith(_FEMININE) else f"au {named}"


def _court(famille: Famille, about: Subject) -> tuple[str, str]:
    """The court with its town, and its address; the town and the address are left out when nobody gave them."""
    administrative = famille.lettre_juge == "tribunal administratif"
    given = about.settings.tribunal_administratif if administrative else about.settings.tribunal_judiciaire
    town, _, address = (part.strip() for part in re.sub(r"\s*\n\s*", ", ", given.strip()).partition(","))
    if not town:
        return famille.lettre_juge, ""
    if town.lower().startswith("tribunal"):
        return town[:1].lower() + town[1:], address.rstrip(".")
    return f"{famille.lettre_juge} {of(town)}", address.rstrip(".")


def _late_days(famille: Famille, about: Subject, running: Delai | None) -> str:
    """Days that a late oral request for a rectification opens, "" when it could be made in time or is no recours."""
    late = passed(about, RECTIFICATION, famille.code) and not passed(about, RECOURS, famille.code)
    is_running = running is not None and not running.suspendu
    return str(DOCUMENTS_DAYS) if late and is_running and late_rectification_counts(famille) else ""


def _withholding(famille: Famille) -> str:
    """`non` when the law forbids it during a recourse; `inconnu` when no text was found and one must go first."""
    if famille.suspensif and "suspensif" not in famille.a_valider:
        return "non"
    return "inconnu" if famille.suspensif is None and famille.recours_prealable else ""


def _names(parts: Sequence[Part]) -> dict[str, Any]:
    """The prestations, in one sentence or, when it would be too long, as a list."""
    names = list(dict.fromkeys(possessive(name(part)) for part in parts))
    joined = listed(names)
    long = len(re.findall(r"\w+", joined)) > _WORDS
    return {"votre": joined, "liste": names if long else []}


def _day(delai: Delai | None) -> str:
    return long_date(delai.le) if delai and delai.le else ""


def _delai(calendrier: Sequence[Delai], objet: str, famille: str = "") -> Delai | None:
    return next((one for one in calendrier if one.objet == objet and (not famille or famille in one.familles)), None)
