"""`python -m bench`: measure the program, print the table, write bench/last.json.

GCA_BENCH_STORES names a folder where the stores are kept from one run to the next. Exit code 1: a ceiling is passed;
2: something could not be measured; 3: both.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench import report
from bench.measures import MEASURES
from bench.meter import MeasureError
from bench.report import Row
from bench.site import LARGE, QUICK, Site

LAST = Path(__file__).with_name("last.json")


def main() -> int:
    """Measure, print, keep; the exit code."""
    options = _options()
    chosen = [name for name in MEASURES if options.only in name]
    if not chosen:
        print(f"Aucune mesure ne s’appelle ainsi. Mesures\u00a0: {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="gca-bench-") as scratch:
        stores = Path(os.environ.get("GCA_BENCH_STORES") or Path(scratch, "stores"))
        site = Site(stores, Path(scratch), QUICK if options.small else LARGE)
        rows, failures = _measure(chosen, site)
    if options.small:
        print(f"Coup d’œil sur {report.number(QUICK)} dossiers\u00a0: les buts valent pour {report.number(LARGE)}.")
    print(report.table(rows))
    if not (options.only or options.small):
        report.write(rows, LAST)
    for failure in failures:
        print(failure, file=sys.stderr)
    return any(row.exceeded for row in rows) + 2 * bool(failures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Mesure ce que gca coûte à l’écran.")
    parser.add_argument("--only", metavar="NOM", default="", help=f"une partie du nom\u00a0: {', '.join(MEASURES)}")
    parser.add_argument("--small", action="store_true", help=f"sur {QUICK} dossiers, pour un coup d’œil")
    return parser.parse_args()


def _measure(chosen: list[str], site: Site) -> tuple[list[Row], list[str]]:
    """The rows measured, and why others could not be."""
    rows: list[Row] = []
    failures: list[str] = []
    for name in chosen:
        print(f"… {name}", file=sys.stderr, flush=True)
        try:
            rows += MEASURES[name](site)
        except MeasureError as error:
            failures.append(f"{name} n’a pas pu être mesuré\u00a0: {error}")
    return rows, failures


if __name__ == "__main__":
    sys.exit(main())
