"""The views of the rail: which dossiers, under which name, behind which letter. Data; the queries are in `window`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NEVER = "9999-12-31"
"""Stands for « no such day » in columns that sort: it comes after every day."""
RAC_NATURES = frozenset({"rac_annuel", "rac_trimestriel"})
"""The pièces of a RAC, a check of activity and resources."""
WAITING = "(statut = 'en_attente' AND attente_jusqu > :today)"
ACTIVE = "statut NOT IN ('clos', 'transmis')"
_TODAY_RDV = (
    "rdv_le IS NOT NULL AND rdv_le < date(:today, '+1 day') AND (rdv_le >= :today OR EXISTS (SELECT 1 FROM document d,"
    " json_each(d.document, '$.rendez_vous') r WHERE d.dossier_id = dossier.id AND r.value ->> 'le' = :today"
    " AND coalesce(r.value ->> 'resultat', '') = ''))"
)
"""An earlier rendez-vous whose outcome nobody noted must not hide the one of today."""
WORKABLE = f"{ACTIVE} AND NOT {WAITING}"
_SEARCHED = "id IN ("


@dataclass
class Condition:
    """What a filter means in SQL."""

    where: list[str] = field(default_factory=list)
    params: dict[str, str | int] = field(default_factory=dict)

    def bind(self, value: str | int) -> str:
        """A named parameter holding the value."""
        name = f"f{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    @property
    def sql(self) -> str:
        """The conditions together."""
        return " AND ".join(f"({one})" for one in self.where) or "1"

    @property
    def rowids(self) -> str:
        """The search's own query, where words are all there is."""
        alone = self.where[0] if len(self.where) == 1 else ""
        return alone[len(_SEARCHED) : -1] if alone.startswith(_SEARCHED) else ""


def searched(rowids: str) -> str:
    """The condition that the search's own query finds a dossier."""
    return f"{_SEARCHED}{rowids})"


@dataclass(frozen=True)
class View:
    """A named list. `where` is SQL over the columns of `dossier` with :today and :me; `letter` is typed after `g`.

    `index` is named because a store without statistics would choose another one.
    """

    id: str
    label: str
    where: str
    letter: str = ""
    filter: str = ""
    sort: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    index: str = ""


CORBEILLE = View(
    "corbeille", "Ma corbeille", f"{WORKABLE} AND (holder = '' OR holder = :me)", "m", index="ix_dossier_order"
)
CALLS = View("appels", "Appels", f"{ACTIVE} AND appel_le <= :today", "e", index="ix_dossier_appel")
VIEWS = (
    CORBEILLE,
    View("urgences", "Urgences", f"{ACTIVE} AND classe = 0", "u", index="ix_dossier_order"),
    View("trop_percus", "Trop-perçus", f"{ACTIVE} AND a_expliquer = 1", "t", index="ix_dossier_a_expliquer"),
    View("rectifications", "Rectifications", f"{ACTIVE} AND rectification = 1", "r", index="ix_dossier_rectification"),
    View("reclamations", "Réclamations", f"{ACTIVE} AND reclamation = 1", "l", index="ix_dossier_reclamation"),
    View(
        "rendez_vous",
        "Rendez-vous",
        _TODAY_RDV,
        "v",
        index="ix_dossier_rdv",
        sort="rdv",
    ),
    CALLS,
    View("rac", "RAC", f"{WORKABLE} AND rac = 1", "c", index="ix_dossier_rac"),
    View("attente", "En attente", WAITING, "a", index="ix_dossier_attente"),
    View("absentes", "Absents extrait", f"{ACTIVE} AND absente_le IS NOT NULL", "x", index="ix_dossier_absente"),
    View("pris", "Pris par moi", f"{ACTIVE} AND holder = :me AND holder <> ''", "p"),
    View("transmis", "Transmis", "statut = 'transmis'", "s", index="ix_dossier_order"),
    View("clos", "Clos", "statut = 'clos'", "z", index="ix_dossier_clos"),
)
EVERYTHING = View("tout", "Partout", "1")
BY_ID = {view.id: view for view in VIEWS}


def caisse_view(caisse: str, label: str) -> View:
    """All that is open at one caisse."""
    return View(f"caisse:{caisse}", label, f"{ACTIVE} AND caisse = :caisse", params={"caisse": caisse})


def saved_view(name: str, base: View, filter_text: str, sort: str) -> View:
    """A view an agent saved: another one, filtered and sorted."""
    return View(
        f"vue:{name}",
        name,
        base.where,
        filter=filter_text,
        sort=sort,
        params=base.params,
        index=base.index,
    )
