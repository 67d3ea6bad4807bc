# SPDX-License-Identifier: GPL-2.0-or-later
"""Fingerprint of the polygons of a lot: what tells an edit made past the journal from one that it tells.

The fingerprint of a lot is the sum of those of its rows, so that rows come in any order, nothing is sorted or
kept, and a change of ten rows is reckoned from those ten: base + after - before = now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

_BITS = 256
# Made once: a million rows are reckoned when a lot is delivered.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_MODULUS = 1 << _BITS


def row_fingerprint(polygon_id: str, attributes: Mapping[str, Any], wkb: bytes) -> int:
    """Number of a row of `occupation_sol`, 0 <= n < 2**256.

    Columns that are null count as missing ones do: an older lot gets its new columns without a change.

    Args:
        polygon_id: its id.
        attributes: every other column, without `fid` and `geom`.
        wkb: its geometry, bit for bit.
    """
    known = {name: value for name, value in attributes.items() if value is not None and name != "id"}
    text = _encode([polygon_id, known])
    return int.from_bytes(hashlib.sha256(text.encode() + b"\0" + wkb).digest(), "big")


def combined(added: Iterable[int], removed: Iterable[int] = (), base: int = 0) -> int:
    """Fingerprint of a lot that had `base`, after rows went and came."""
    return (base + sum(added) - sum(removed)) % _MODULUS


def to_text(fingerprint: int) -> str:
    """Form in which the table `lot` keeps it: 64 hexadecimal digits."""
    return f"{fingerprint:0{_BITS // 4}x}"


def from_text(text: str) -> int:
    """Inverse of `to_text`.

    Raises:
        ValueError: no such number.
    """
    return int(text, 16) % _MODULUS
