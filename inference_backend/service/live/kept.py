# SPDX-License-Identifier: GPL-2.0-or-later
"""What clients sent, kept while there is room; what was used last stays longest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that takes memory."""

    @property
    def nbytes(self) -> int:
        """Bytes in memory, now."""


T = TypeVar("T", bound=Sized)
Key = tuple[str, ...]


class Kept(Generic[T]):
    """Things by owner and key.

    A thing may grow after it was put here; what it takes is asked anew each time.

    Args:
        most_bytes: in all; one owner may fill half of it.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._things: OrderedDict[Key, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> T | None:
        """A thing, None where it was never here or had to go."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Key, thing: T) -> T:
        """Keep a thing; the one that is there already where there is one."""
        with self._lock:
            kept = self._things.setdefault(key, thing)
            self._things.move_to_end(key)
            self._make_room(key)
            return kept

    def tidy(self) -> None:
        """Drop what there is no room for, after something has grown."""
        with self._lock:
            if self._things:
                self._make_room(next(reversed(self._things)))

    @property
    def nbytes(self) -> int:
        """Bytes of everything kept."""
        with self._lock:
            return sum(thing.nbytes for thing in self._things.values())

    def _make_room(self, newest: Key) -> None:
        owner = newest[0]
        self._drop_oldest([key for key in self._things if key[0] == owner], self._most_bytes // 2, newest)
        self._drop_oldest(list(self._things), self._most_bytes, newest)

    def _drop_oldest(self, keys: list[Key], room: int, newest: Key) -> None:
        taken = sum(self._things[key].nbytes for key in keys)
        for key in keys:
            if taken <= room or key == newest:
                return
            taken -= self._things.pop(key).nbytes
