"""The program's side of the terminal: a child alone on a pseudo-terminal that governs it. Linux only."""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

READ_SIZE = 65536
PATIENCE = 5.0  # seconds a program has to end after its terminal went away
STEP = 0.002


class Process:
    """A program that reads and writes a pseudo-terminal, whose other end is `fd`."""

    def __init__(self, pid: int, fd: int) -> None:
        self.pid = pid
        self.fd = fd
        self.hung_up = False  # nobody writes to the terminal any more
        self.exit_code: int | None = None

    @classmethod
    def spawn(cls, command: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> Process:
        """Start a command with exactly this environment. FileNotFoundError if there is no such command."""
        if not (program := shutil.which(command[0])):
            raise FileNotFoundError(command[0])
        master, slave = os.openpty()
        try:
            os.set_blocking(master, False)
            _set_size(master, columns, rows)
            # The first terminal that the leader of a new session opens becomes the one that governs it.
            opened = (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0)
            files = [opened, (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]
            default = [signal.SIGHUP, signal.SIGINT, signal.SIGPIPE]
            pid = os.posix_spawn(
                program, list(command), env, file_actions=files, setsid=True, setsigmask=[], setsigdef=default
            )
        except OSError:
            os.close(master)
            raise
        finally:
            os.close(slave)
        return cls(pid, master)

    def read(self) -> bytes:
        """What the program has written, empty if nothing."""
        try:
            return os.read(self.fd, READ_SIZE)
        except BlockingIOError:
            return b""
        except OSError:  # EIO: the last one to hold the terminal has gone
            self.hung_up = True
            return b""

    def write(self, data: bytearray) -> None:
        """Give the program what it takes, and leave the rest in `data`."""
        try:
            del data[: os.write(self.fd, data)]
        except BlockingIOError:
            pass
        except OSError:
            self.hung_up = True
            data.clear()

    def wait(self, timeout: float, writing: bool) -> None:
        """Sleep until the program has written, or takes input if `writing`, or `timeout` seconds have passed."""
        if self.hung_up:
            time.sleep(max(0.0, timeout))
        else:
            select.select([self.fd], [self.fd] * writing, [], max(0.0, timeout))

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program that its window has changed."""
        _set_size(self.fd, columns, rows)

    def rss(self) -> float:
        """Resident memory, in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def kill(self, number: int) -> None:
        """Send a signal, unless the program has ended."""
        if not self.ended():
            os.kill(self.pid, number)

    def ended(self) -> bool:
        """Whether it has ended; `exit_code` is then known, negative for a signal."""
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.exit_code = os.waitstatus_to_exitcode(status) if pid else None
        return self.exit_code is not None

    def close(self) -> None:
        """Take the terminal away, as a lost line does, and end what does not go by itself."""
        if self.fd < 0:
            return
        os.close(self.fd)
        self.fd, self.hung_up = -1, True
        deadline = time.monotonic() + PATIENCE
        while not self.ended():
            if time.monotonic() > deadline:
                self.kill(signal.SIGKILL)
            time.sleep(STEP)


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
