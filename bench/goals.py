"""What is aimed at, and what must not be passed. Bytes do not depend on the machine; times do, ratios hardly."""

from __future__ import annotations

from typing import NamedTuple

from bench.report import Row


class Goal(NamedTuple):
    """The name a measure has in the table, its unit, what is aimed at, and what must not be passed."""

    name: str
    unit: str
    goal: float
    ceiling: float


GOALS = {
    "start": Goal("de la commande à la liste", "rapport", 1.4, 1.8),
    "memory_first": Goal("mémoire à la première liste", "Mio", 45, 60),
    "memory_loaded": Goal("mémoire, tout chargé", "Mio", 80, 100),
    "down_p50": Goal("bas, dernier octet, p50", "ms", 4, 8),
    "down_p95": Goal("bas, dernier octet, p95", "ms", 8, 16),
    "down_bytes": Goal("bas, octets, p95", "octets", 350, 500),
    "held_bytes": Goal("60 bas tenus, octets", "octets", 40_000, 60_000),
    "held_near": Goal("retard du dernier de 60 bas tenus, bonne ligne", "ms", 110, 150),
    "held_far": Goal("retard du dernier de 60 bas tenus, mauvaise ligne", "ms", 400, 600),
    "rest_bytes": Goal("détail redessiné au repos, p95", "octets", 6_000, 8_000),
    "page_bytes": Goal("page suivante, octets, p95", "octets", 6_500, 8_000),
    "filter": Goal("filtre, de la lettre à la liste, p95", "ms", 50, 100),
    "open": Goal("ouvrir un dossier, p50", "ms", 50, 100),
    "resize": Goal("redimensionner, p50", "ms", 60, 120),
    "idle": Goal("au repos pendant 10 s, octets", "octets", 0, 0),
    "save": Goal("une commande enregistrée, p95", "ms", 8, 15),
    "growth_start": Goal("croissance du stock, démarrage", "rapport", 1.15, 1.3),
    "growth_down": Goal("croissance du stock, bas p50", "rapport", 1.15, 1.3),
    "checks": Goal("les douze contrôles d’un texte, p50", "ms", 16, 16),
    "import": Goal("import de l’extrait", "rapport", 30, 40),
    "pull_sqlite": Goal("/sante, rapport à la relève vide, SQLite", "rapport", 2, 2.5),
    "pull_postgresql": Goal("/sante, rapport à la relève vide, PostgreSQL", "rapport", 2, 2.5),
    "held_memory": Goal("mémoire du serveur, 1 000 attentes tenues", "Mio", 150, 180),
    "peak_pull": Goal("une caisse à sa pointe, relève sans attente, p95", "ms", 50, 100),
    "peak_late": Goal("une caisse à sa pointe, changement vu, p95", "s", 2, 4),
    "push_one": Goal("envois d’une commande, une corbeille, rapport au SQL", "rapport", 4, 5),
    "push_sixteen": Goal("envois d’une commande, 16 corbeilles, rapport au SQL", "rapport", 4, 5),
    "read_time": Goal("lecture d’une corbeille, rapport à json.loads", "rapport", 12, 16),
    "read_bytes": Goal("lecture d’une corbeille, octets par dossier", "octets", 450, 500),
    "delta_trips": Goal("relève de 20 dossiers, allers-retours", "", 1, 1),
    "delta_bytes": Goal("relève de 20 dossiers, octets", "octets", 8_000, 10_000),
    "seen_elsewhere": Goal("un changement sur l’autre écran, à 80 ms", "s", 1, 1.5),
    "growth_pull": Goal("croissance de la base, relève p95", "rapport", 2, 2.5),
    "growth_push": Goal("croissance de la base, envoi p95", "rapport", 2, 2.5),
}


def row(key: str, value: float, against: str) -> Row:
    """The measured value beside its goal."""
    goal = GOALS[key]
    return Row(goal.name, value, goal.unit, against, goal.goal, goal.ceiling)
