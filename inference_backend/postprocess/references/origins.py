# SPDX-License-Identifier: GPL-2.0-or-later
"""Where objects of the references come from, as bytes: texts by the hundred thousand would take much more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import I64
from inference_backend.postprocess.references.ragged import OBJECTS, ranges
from inference_backend.postprocess.types import U8, SourceObject
from inference_backend.work.spooled_array import spool

_BETWEEN = "\x1f"
"""Parts the three texts of an object; a space takes its place in a text that has it."""


@dataclass(frozen=True)
class Origins:
    """SOURCE, ID_ORIGINE and CODE_OR of n objects.

    Attributes:
        texts: (b,) uint8, UTF-8, object after object; they may lie in a file.
        starts: (n + 1,) int64 positions in `texts`.
    """

    texts: U8
    starts: I64

    @classmethod
    def of(cls, source: str, identifiers: OBJECTS, codes: OBJECTS) -> Origins:
        """Of n objects of one source."""
        pairs = zip(identifiers.tolist(), codes.tolist(), strict=True)
        rows = [
            _BETWEEN.join(str(text).replace(_BETWEEN, " ") for text in (source, *pair)).encode()
            for pair in pairs
        ]
        starts = np.append(0, np.cumsum([len(row) for row in rows])).astype(np.int64)
        return cls(np.frombuffer(b"".join(rows), np.uint8), starts)

    @classmethod
    def joined(cls, parts: Sequence[Origins]) -> Origins:
        """Those of several parts, one after the other."""
        lengths = [np.diff(part.starts) for part in parts]
        starts = np.append(0, np.cumsum(np.concatenate([np.zeros(0, np.int64), *lengths])))
        texts = np.concatenate([np.zeros(0, np.uint8), *(part.texts for part in parts)])
        return cls(texts, starts.astype(np.int64))

    def take(self, index: NDArray[Any]) -> Origins:
        """Those at positions `index`, in that order, in memory."""
        lengths = self.starts[1:][index] - self.starts[:-1][index]
        starts = np.append(0, np.cumsum(lengths)).astype(np.int64)
        return Origins(self.texts[ranges(self.starts, index)], starts)

    def source_objects(self) -> list[SourceObject]:
        """The same as texts."""
        whole, starts = bytes(np.asarray(self.texts)), self.starts.tolist()
        rows = [whole[a:b].decode() for a, b in pairwise(starts)]
        return [SourceObject(*row.split(_BETWEEN)) for row in rows]

    def spooled(self, path: Path) -> Origins:
        """The same with its texts in a file, see `spool`."""
        return replace(self, texts=spool(self.texts, path))
