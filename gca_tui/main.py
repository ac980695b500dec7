"""The program's door: what must be set before anything is imported, and how every error is told."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run `gca`. Exits with 0, or with the code of the error (`gca --help` lists them)."""
    os.umask(0o077)
    # Collecting garbage while modules load costs 10 ms and frees nothing.
    gc.disable()
    from gca_tui.cli import run

    sys.exit(run(sys.argv[1:]))
