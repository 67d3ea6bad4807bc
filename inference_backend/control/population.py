# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygons of a lot that a sample is drawn from: codes and areas as columns, geometries left alone."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.control.areas import Surface, geometry_areas, known_areas
from inference_backend.control.errors import ControlError
from inference_backend.control.lot_source import LotTables, own_condition
from inference_backend.progress import Progress, Silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_AT_ONCE = 50_000
_WITH_SHAPES = "2:"
"""Begins a fingerprint that knows shapes; a control drawn before has one of columns alone."""


@dataclass(frozen=True)
class Codes:
    """A column of few texts.

    Attributes:
        names: the texts, in the order in which they came.
        index: (n,) number of each row's text.
    """

    names: tuple[str, ...]
    index: Ints

    def taken(self, rows: Ints | NDArray[np.bool_]) -> Codes:
        """The same of some rows."""
        return replace(self, index=self.index[rows])

    def texts(self, rows: Ints) -> list[str]:
        """The texts of some rows."""
        return [self.names[i] for i in self.index[rows].tolist()]


@dataclass(frozen=True)
class LotPolygons:
    """Polygons of a lot, its neighbours' left out, in the order of their ids.

    Attributes:
        fid: (n,) row ids.
        ids: (n,) polygon ids, text.
        cs: delivered cover, empty where there is none.
        us: delivered use.
        area_m2: (n,) on the design's surface.
        is_skeleton: (n,) whether it belongs to the skeleton.
        confidence: (n,) 0..1, NaN where unknown; None where it was not asked for.
        surface: what areas are measured on.
        fingerprint: of ids, codes and areas of all polygons of the lot, as its columns tell them, and of
            their shapes.
    """

    fid: Ints
    ids: NDArray[np.str_]
    cs: Codes
    us: Codes
    area_m2: Floats
    is_skeleton: NDArray[np.bool_]
    confidence: Floats | None
    surface: Surface
    fingerprint: str

    def __len__(self) -> int:
        return len(self.fid)

    def taken(self, rows: Ints | NDArray[np.bool_]) -> LotPolygons:
        """Some of them."""
        return LotPolygons(
            self.fid[rows],
            self.ids[rows],
            self.cs.taken(rows),
            self.us.taken(rows),
            self.area_m2[rows],
            self.is_skeleton[rows],
            None if self.confidence is None else self.confidence[rows],
            self.surface,
            self.fingerprint,
        )


def read_population(
    tables: LotTables,
    surface: Surface,
    *,
    confidence: bool = False,
    measured: bool = False,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> LotPolygons:
    """Read the lot's own polygons.

    Args:
        tables: the lot.
        surface: what areas are measured on.
        confidence: whether to read that column too.
        measured: whether to measure every area again rather than to believe the column.
        progress: told the share that is read.

    Raises:
        ControlError: no polygon, or two of one id.
        Cancelled: the user asked to stop.
    """
    columns, shapes = _columns(tables, progress, confidence=confidence)
    ids = np.array(columns[1], dtype=np.str_)
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    _require_distinct(tables, ids)
    fid = np.array(columns[0], dtype=np.int64)[order]
    cs, us = _codes(columns[2]).taken(order), _codes(columns[3]).taken(order)
    area = _number(columns[4])[order]
    fingerprint = _fingerprint(ids, cs, us, area, shapes)
    if measured or not surface.is_planar:
        area = geometry_areas(tables, fid, surface, progress)
    else:
        area = known_areas(tables, fid, area, surface)
    return LotPolygons(
        fid,
        ids,
        cs,
        us,
        area,
        (_number(columns[5]) == 1.0)[order],
        _number(columns[6])[order] if confidence else None,
        surface,
        fingerprint,
    )


def population_fingerprint(tables: LotTables, drawn: str) -> str:
    """What `LotPolygons.fingerprint` is of the lot as it stands now.

    Args:
        tables: the lot.
        drawn: the one to compare it with.
    """
    columns, shapes = _columns(tables, Silent(), with_shapes=drawn.startswith(_WITH_SHAPES))
    ids = np.array(columns[1], dtype=np.str_)
    order = np.argsort(ids, kind="stable")
    return _fingerprint(
        ids[order],
        _codes(columns[2]).taken(order),
        _codes(columns[3]).taken(order),
        _number(columns[4])[order],
        shapes,
    )


def _fingerprint(ids: NDArray[np.str_], cs: Codes, us: Codes, area_m2: Floats, shapes: bytes | None) -> str:
    digest = hashlib.sha256("\0".join(ids.tolist()).encode())
    for codes in (cs, us):
        order = sorted(range(len(codes.names)), key=codes.names.__getitem__)
        rank = np.zeros(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        digest.update("\0".join(codes.names[i] for i in order).encode())
        digest.update(rank[codes.index].tobytes())
    digest.update(np.nan_to_num(area_m2, nan=-1.0).tobytes())
    if shapes is None:
        return digest.hexdigest()
    digest.update(shapes)
    return _WITH_SHAPES + digest.hexdigest()


def _columns(
    tables: LotTables, progress: Progress, *, confidence: bool = False, with_shapes: bool = True
) -> tuple[list[list[Any]], bytes | None]:
    """The lot's own polygons column by column, and which has which shape.

    The second is the sum of each quarter of the digests: rows come in any order, and none is kept.
    """
    names = ["fid", "id", "code_cs", "code_us", "area_m2", "ossature"]
    names += ["confidence"] if confidence else []
    names += [tables.shape_digest] if with_shapes else []
    total = np.zeros(4, dtype=np.uint64)
    query = f"SELECT {', '.join(names)} FROM {{occupation_sol}}{own_condition(tables)}"  # nosec B608 - our own
    columns: list[list[Any]] = [[] for _ in names]
    rows = tables.select(query)
    with _without_collector():
        while block := list(islice(rows, _AT_ONCE)):
            for column, values in zip(columns, zip(*block, strict=True), strict=True):
                column.extend(values)
            if with_shapes:
                quarters = np.frombuffer(b"".join(map(bytes, columns[-1])), dtype="<u8").reshape(-1, 4)
                total += quarters.sum(axis=0, dtype=np.uint64)
                columns[-1].clear()
            progress.update(0.0)
    if not columns[0]:
        raise ControlError(
            path=tables.label,
            problem_en="holds no polygon of its own",
            problem_fr="ce lot ne contient aucun polygone à lui",
            remedy_en="Choose another lot.",
            remedy_fr="Choisissez un autre lot.",
        )
    return columns, total.astype("<u8").tobytes() if with_shapes else None


@contextmanager
def _without_collector() -> Iterator[None]:
    """A million rows of a database hold no cycle: looking for some takes a third of the time (measured)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _codes(values: list[str | None]) -> Codes:
    number = {value: place for place, value in enumerate(dict.fromkeys(values))}
    index = np.fromiter(map(number.__getitem__, values), np.int64, len(values))
    return Codes(tuple(value or "" for value in number), index)


def _number(values: list[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)  # None becomes NaN


def _require_distinct(tables: LotTables, ids: NDArray[np.str_]) -> None:
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    if len(twice):
        raise ControlError(
            path=tables.label,
            problem_en=f"two polygons have the id {ids[twice[0]]}",
            problem_fr=f"deux polygones ont l'identifiant {ids[twice[0]]}",
            remedy_en="Have the lot mended first (ocsge check lists what is wrong).",
            remedy_fr="Faites d'abord corriger le lot (ocsge check énumère ce qui ne va pas).",
        )
