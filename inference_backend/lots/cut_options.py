# SPDX-License-Identifier: GPL-2.0-or-later
"""How a lot is cut, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inference_backend.lots.imagery import Image


class Way(StrEnum):
    """What lots are made of."""

    GRID = "grid"
    COMMUNE = "commune"
    CELLS = "cells"
    WORK = "work"


@dataclass(frozen=True)
class CutOptions:
    """How to cut, and what goes along.

    Attributes:
        way: what lots are made of.
        count: number of lots; None for one per square or commune.
        side_m: side of a square, for `Way.GRID`.
        hours: expected work that a lot has at most, h; another way of saying `count`.
        communes: vector file of the communes, for `Way.COMMUNE` and for the filter of the queue.
        commune_column: column of their INSEE code.
        references: vector files, or folders of them, to clip.
        imagery: images to clip or to link.
    """

    way: Way = Way.WORK
    count: int | None = None
    side_m: float | None = None
    hours: float | None = None
    communes: Path | None = None
    commune_column: str = ""
    references: Sequence[Path] = ()
    imagery: Sequence[Image] = field(default_factory=tuple)


@dataclass(frozen=True)
class CutLot:
    """One lot that was made.

    Attributes:
        path: its file.
        name: its name.
        lot_id: its UUID.
        polygons: its own.
        margin: neighbours that came along.
        items: entries of its queue.
        work_s: expected work that is left, s.
    """

    path: Path
    name: str
    lot_id: str
    polygons: int
    margin: int
    items: int
    work_s: float
