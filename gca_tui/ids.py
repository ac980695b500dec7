"""Identifiers made on this machine."""

from __future__ import annotations

import os
import time
import uuid


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique everywhere without asking anybody, and sorted by the moment it was made."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10)) & ((1 << 74) - 1)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=(millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low))
