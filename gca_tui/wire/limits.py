"""The version of what travels, how it is addressed, and how much of it goes at once."""

from __future__ import annotations

SCHEMA = 1
"""Version of these types, sent as `Gca-Schema`."""
OLDEST = 1
"""The oldest version that this program still speaks."""
PREFIX = "/v1"
SCHEMA_HEADER, INSTALL_HEADER, TIME_HEADER = "Gca-Schema", "Gca-Install", "Gca-Time"
PUSH_OPS = 200
"""Commands in one push."""
PUSH_BYTES = 1_000_000
"""Bytes of one request, unpacked."""
PAGE = 500
"""Dossiers in one page."""
WAIT = 25
"""Longest long poll, in seconds."""
LEASE = 1_800
"""Seconds a dossier is taken for; a lot is taken for longer."""
LOT_LEASE = 86_400
"""Longest lease, in seconds: a lot taken in the morning for a day without network."""
LOT = 50
"""Dossiers in one lot."""
TEXT = 20_000
"""Characters of one text."""
MARKS = 2_000
"""Marks in one question about lineage."""
