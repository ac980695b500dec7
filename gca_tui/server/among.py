"""Rows of which the two columns of the key are among some pairs, asked so that every base goes by its index.

SQLite reads the whole table for `(a, b) IN ((…), (…))`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, or_


def among(first: Column[Any], second: Column[Any], pairs: Iterable[tuple[Any, Any]]) -> ColumnElement[bool]:
    """The condition: pairs that share the value of the first column, nearly all of them, are asked together."""
    shared: dict[Any, set[Any]] = {}
    for one, other in pairs:
        shared.setdefault(one, set()).add(other)
    groups = [and_(first == one, second.in_(sorted(others))) for one, others in sorted(shared.items())]
    return or_(*groups) if groups else false()
