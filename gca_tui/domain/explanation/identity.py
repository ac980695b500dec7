"""Results remembered for the very same things: what is made of a lexicon or a text is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Same:
    """Things compared by identity. It keeps them, so that no other thing takes their place in memory."""

    def __init__(self, *things: object) -> None:
        self.things = things

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.things)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and all(a is b for a, b in zip(self.things, other.things, strict=True))


def remembered(size: int) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Keeps the last `size` results of a function of immutable things, found again by identity: nothing is hashed."""

    def decorate(make: Callable[_P, _T]) -> Callable[_P, _T]:
        @lru_cache(maxsize=size)
        def made(key: _Same) -> _T:
            return make(*key.things)  # type: ignore[call-arg,arg-type]

        @wraps(make)
        def found(*things: _P.args, **none: _P.kwargs) -> _T:
            return made(_Same(*things))

        return found

    return decorate
