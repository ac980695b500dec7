"""Field paths: how commands, conflicts, history and undo name a place in a dossier.

`statut`, `pieces.P1.traitement`, `notifications.N1.explication.raison`. A step into a list is the id of an item; a dot
in an id is written `%2E`, a per cent sign `%25`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from gca_tui.domain.values import Value, filled

Root = TypeVar("Root", bound=Value)


def path(*steps: str) -> str:
    """Join steps into a path, with the dots of ids escaped."""
    name = ".".join(steps)
    if "%" not in name and name.count(".") == len(steps) - 1:
        return name
    return ".".join(step.replace("%", "%25").replace(".", "%2E") for step in steps)


def steps(name: str) -> list[str]:
    """The steps of a path."""
    return [_unescaped(step) for step in name.split(".")] if "%" in name else name.split(".")


def read(value: Any, name: str) -> Any:
    """What stands at a path; None where nothing does."""
    for step in steps(name):
        value = _step(value, step)
        if value is None:
            return None
    return value


def write_all(root: Root, changes: Mapping[str, Any], fields: Mapping[str, Any]) -> Root:
    """The same value with something else at each path, and at each of its own fields named, in one copy.

    A new item is appended to its list. Raises KeyError when a step before the last leads nowhere.
    """
    update = dict(fields)
    for name, new in changes.items():
        if "." not in name:
            update[_unescaped(name)] = new
            continue
        first, *rest = steps(name)
        update[first] = _write(update[first] if first in update else getattr(root, first), rest, new)
    return changed(root, update)


def changed(value: Root, update: dict[str, Any]) -> Root:
    """The same value with other fields: what model_copy does, in half its time, for an import calls it everywhere."""
    fields = value.__dict__ | update
    if value.__pydantic_extra__ or len(fields) > len(value.__dict__):
        return value.model_copy(update=update)
    return filled(type(value), fields, value.__pydantic_fields_set__.union(update))


def appends(root: Value, name: str) -> bool:
    """Whether writing there adds an item to a list: lists only grow, so such a write never conflicts."""
    if "." not in name:
        return False
    parent, _, last = name.rpartition(".")
    into = read(root, parent)
    return isinstance(into, tuple) and (not into or _step(into, _unescaped(last)) is None)


def _unescaped(step: str) -> str:
    return step.replace("%2E", ".").replace("%25", "%") if "%" in step else step


def _step(value: Any, step: str) -> Any:
    if isinstance(value, tuple):
        for item in value:
            if getattr(item, "id", None) == step:
                return item
        return None
    if isinstance(value, dict):
        return value.get(step)
    return getattr(value, step, None)


def _write(value: Any, rest: list[str], new: Any) -> Any:
    step, *further = rest
    if further:
        child = _step(value, step)
        if child is None:
            raise KeyError(step)
        new = _write(child, further, new)
    if isinstance(value, tuple):
        if not value or _step(value, step) is None:
            return (*value, new)
        return tuple(new if item.id == step else item for item in value)
    return value.model_copy(update={step: new})
