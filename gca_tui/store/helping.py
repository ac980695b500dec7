"""Other processes that prepare the rows of an import while this one writes them.

They are forked, so that what is to load is neither copied nor sent. A helper opens nothing, sees neither the store nor
the terminal, keeps no lock of this program, and ends with it.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import NoReturn

from gca_tui.domain.command import Context
from gca_tui.errors import StoreError
from gca_tui.store.preparing import Given, Prepared, prepare


def useful() -> int:
    """How many helpers this machine has room for: two keep one writer busy, and one processor has room for none."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux alone has it
    return 2 if (len(affinity(0)) if affinity else os.cpu_count() or 1) > 1 else 0


class Helper:
    """One other process, which prepares these batches in their order. Ask for one, then take the answer."""

    def __init__(self, batches: Iterable[Iterable[Given]], context: Context) -> None:
        self._pipe, theirs = Pipe()
        self._process = os.fork()
        if self._process == 0:
            _serve(theirs, batches, context)
        theirs.close()

    def ask(self, before: Sequence[str | None] = ()) -> None:
        """Have the next batch prepared from these documents; none given: all its dossiers are new."""
        with suppress(OSError):  # the answer will say why
            self._pipe.send(before)

    def answer(self) -> list[Prepared]:
        """The rows of the batch asked for.

        Raises StoreError when the process is no more, RuntimeError when it could not prepare them.
        """
        try:
            found: list[Prepared] | str = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise StoreError(
                "L’import s’est interrompu : un de ses programmes a été arrêté.",
                "Les données sont comme avant.",
                "Relancez-le, s’il le faut quand la machine est moins chargée.",
            ) from error
        if isinstance(found, str):
            raise RuntimeError(found)
        return found

    def close(self) -> None:
        """Let it end, whatever it is doing."""
        self._pipe.close()
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def _serve(pipe: Connection, batches: Iterable[Iterable[Given]], context: Context) -> NoReturn:
    """The life of a helper. The other end of the pipe is closed when the program ends, however it does."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.disable()
        os.closerange(3, pipe.fileno())
        os.closerange(pipe.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        for batch in batches:
            pipe.send(prepare(batch, pipe.recv(), context))
    except (EOFError, OSError):
        pass
    except BaseException as error:  # the program says it: here nobody would
        with suppress(OSError):
            # Where it happened and what, without the message: it may quote a dossier.
            pipe.send("".join([*traceback.format_tb(error.__traceback__), type(error).__name__]))
    finally:
        os._exit(0)
