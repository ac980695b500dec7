"""A program whose delays and sizes are known, to see whether the meter finds them."""

import os
import signal
import sys
import termios
import time
import tty

QUERIES = b"\x1b[c\x1b[2;3H\x1b[6n\x1b[?2026$p\x1b[?2048$p\x1b[?u\x1b]11;?\x1b\\"
REPLIES_END = b"\x1b\\"  # the background colour, asked last


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def in_two(first: bytes, pause: float, second: bytes) -> None:
    write(first)
    time.sleep(pause)
    write(second)


def show(text: bytes) -> None:
    write(b"\x1b[2J\x1b[H" + text)


def query() -> None:
    write(QUERIES)
    replies = b""
    while not replies.endswith(REPLIES_END):
        replies += os.read(0, 1000)
    show(replies.replace(b"\x1b", b"E"))


def quit_with_seven() -> None:
    show(b"bye")
    sys.exit(7)


ANSWERS = {
    b"1": lambda: write(b"x"),
    b"5": lambda: in_two(b"", 0.05, b"x"),
    b"2": lambda: in_two(b"0123456789", 0.03, b"0123456789"),
    b"3": lambda: in_two(b"now", 0.2, b"later"),
    b"k": lambda: write(b"k" * 50_000),
    b"?": query,
    b"p": lambda: show(b"pasted " + str(len(os.read(0, 1000))).encode()),
    b"q": quit_with_seven,
}


def show_size(*_: object) -> None:
    size = os.get_terminal_size()
    show(f"{size.columns} x {size.lines}".encode())


def main() -> None:
    signal.signal(signal.SIGWINCH, show_size)
    tty.setraw(0, termios.TCSANOW)
    write("\x1b[?2026h\x1b[1;32mprêt\x1b[0m\x1b[?2026l".encode())
    while key := os.read(0, 1):
        ANSWERS.get(key, lambda: None)()


if __name__ == "__main__":
    main()
