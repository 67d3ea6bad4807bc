# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a border runs along a reference line, and the lines that lead it onto that line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocsge_pi_review.domain.noding import SNAP_M
from ocsge_pi_review.domain.rings import Point, Polygon, Ring
from ocsge_pi_review.domain.sides import boxes, boxes_meet, cross

LONG_ENOUGH = 2.0
"""A stretch of border shorter than this many tolerances crosses the line rather than runs along it."""
STEPS_PER_TOLERANCE = 2.0
LONGEST_LEAP = 6.0
"""Where the nearest place moves on by more tolerances than this, the line goes somewhere that the border does
not: it is no corner, which moves it on by two at a right angle."""
STEEP = 0.7
"""A border that comes this much nearer per metre leads to the line; it does not run along it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Samples:
    """Places along a border.

    Attributes:
        xy: (n, 2).
        far: (n,) distance to the reference, m.
        at: (n,) length along the reference of the nearest place, m.
    """

    xy: Floats
    far: Floats
    at: Floats


def alignment_lines(polygon: Polygon, reference: Sequence[Point], tolerance_m: float) -> list[list[Point]]:
    """Lines that leave the border, follow the reference as long as the border does, and come back.

    Args:
        polygon: whose border moves.
        reference: vertices of the line.
        tolerance_m: how far the border may be from it, m.
    """
    line = np.array(reference, dtype=np.float64).reshape(-1, 2)
    if len(line):
        line = line[np.concatenate([[True], np.any(np.diff(line, axis=0) != 0, axis=1)])]
    if len(line) < 2:
        return []
    found = []
    for ring in polygon:
        samples = _sample(ring, line, tolerance_m / STEPS_PER_TOLERANCE)
        for run in _runs(samples.far <= tolerance_m):
            trimmed = run if np.all(samples.far <= tolerance_m) else _trim(run, samples)
            for part, at in _without_leaps(samples, trimmed, _along(samples, trimmed, line), tolerance_m):
                moves = samples.far[part].max(initial=0.0) > SNAP_M
                if moves and _follows(samples, part, at, tolerance_m):
                    found.append(_path(samples, part, at, line))
    return found


def _sample(ring: Ring, line: Floats, step: float) -> _Samples:
    """Vertices of a ring, places between them, and where it crosses the line; the first not repeated."""
    corners = np.array(ring, dtype=np.float64)
    crossed = _crossings(corners, line)
    pieces = []
    for k, (a, b) in enumerate(zip(corners[:-1], corners[1:])):
        count = min(max(1, int(np.ceil(np.hypot(*(b - a)) / step))), 2000)
        t = np.union1d(np.linspace(0, 1, count, endpoint=False), crossed.get(k, []))
        pieces.append(a + (b - a) * t[:, None])
    xy = np.vstack(pieces)
    far, at = _nearest(xy, line)
    return _Samples(xy, far, at)


def _crossings(corners: Floats, line: Floats) -> dict[int, list[float]]:
    """By side of a ring, the positions 0..1 where the line crosses it."""
    origin = corners[0]
    sides = np.hstack([corners[:-1] - origin, corners[1:] - origin])
    legs = np.hstack([line[:-1] - origin, line[1:] - origin])
    i, j = boxes_meet(boxes(sides), boxes(legs), 0.0)
    at, hit = cross(legs[j], sides[i])
    found: dict[int, list[float]] = {}
    for k in np.nonzero(hit)[0]:
        side = sides[i[k]]
        length = float(np.hypot(*(side[2:] - side[:2])))
        found.setdefault(int(i[k]), []).append(float(np.hypot(*(at[k] - side[:2]))) / length)
    return found


def _nearest(xy: Floats, line: Floats) -> tuple[Floats, Floats]:
    far, at = np.full(len(xy), np.inf), np.zeros(len(xy))
    start = 0.0
    for a, b in zip(line[:-1], line[1:]):
        along = b - a
        length = float(np.hypot(*along))
        t = np.clip((xy - a) @ along / length**2, 0.0, 1.0)
        away = np.hypot(*(xy - a - t[:, None] * along).T)
        nearer = away < far
        far = np.where(nearer, away, far)
        at = np.where(nearer, start + t * length, at)
        start += length
    return far, at


def _runs(near: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Stretches of a closed border where `near` holds, in order; two halves where it holds all around."""
    count = len(near)
    if not near.any():
        return []
    if near.all():
        half = count // 2
        return [np.arange(half + 1), np.arange(half, count + 1) % count]
    first = int(np.nonzero(~near)[0][0])
    order = (np.arange(count) + first) % count
    inside = np.nonzero(near[order])[0]
    return [order[run] for run in np.split(inside, np.nonzero(np.diff(inside) > 1)[0] + 1)]


def _trim(run: NDArray[np.intp], samples: _Samples) -> NDArray[np.intp]:
    """The stretch without ends that lead straight to the line or away from it: sides of a corner."""
    steps = np.hypot(*np.diff(samples.xy[run], axis=0).T)
    nearer = -np.diff(samples.far[run])
    first, last = 0, len(run) - 1
    while first < last and nearer[first] > STEEP * steps[first]:
        first += 1
    while last > first and -nearer[last - 1] > STEEP * steps[last - 1]:
        last -= 1
    return run[first : last + 1]


def _along(samples: _Samples, run: NDArray[np.intp], line: Floats) -> Floats:
    """Lengths along the reference that a stretch passes, going on past the end of one that is closed."""
    at = samples.at[run]
    return np.unwrap(at, period=_lengths(line)[-1]) if np.array_equal(line[0], line[-1]) else at


def _without_leaps(
    samples: _Samples, run: NDArray[np.intp], at: Floats, tolerance_m: float
) -> list[tuple[NDArray[np.intp], Floats]]:
    """The stretch in parts, between the places where the line goes far away and comes back."""
    if len(run) < 2:
        return [(run, at)]
    steps = np.hypot(*np.diff(samples.xy[run], axis=0).T)
    cuts = np.nonzero(np.abs(np.diff(at)) > steps + LONGEST_LEAP * tolerance_m)[0] + 1
    return list(zip(np.split(run, cuts), np.split(at, cuts)))


def _lengths(line: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


def _follows(samples: _Samples, run: NDArray[np.intp], at: Floats, tolerance_m: float) -> bool:
    """Whether a stretch runs along: long enough, and about as long as what it passes of the line."""
    if len(run) < 2:
        return False
    own = float(np.hypot(*np.diff(samples.xy[run], axis=0).T).sum())
    passed = abs(float(at[-1] - at[0]))
    return passed >= LONG_ENOUGH * tolerance_m and passed >= own / 2


def _path(samples: _Samples, run: NDArray[np.intp], at: Floats, line: Floats) -> list[Point]:
    """From the border to the reference, along it, and back to the border."""
    lengths = _lengths(line)
    total, (low, high) = lengths[-1], sorted((float(at[0]), float(at[-1])))
    turns = (-1, 0, 1) if np.array_equal(line[0], line[-1]) else (0,)
    passed = [
        (length + turn * total, vertex)
        for turn in turns
        for length, vertex in zip(lengths, line, strict=True)
        if low + SNAP_M < length + turn * total < high - SNAP_M
    ]
    passed.sort(key=lambda entry: entry[0], reverse=bool(at[0] > at[-1]))
    ends = [_place(line, lengths, float(s)) for s in (at[0], at[-1])]
    chain = [samples.xy[run[0]], ends[0], *(vertex for _, vertex in passed), ends[1], samples.xy[run[-1]]]
    points = [(float(p[0]), float(p[1])) for p in chain]
    return [point for k, point in enumerate(points) if k == 0 or point != points[k - 1]]


def _place(line: Floats, lengths: Floats, length: float) -> Floats:
    if np.array_equal(line[0], line[-1]):
        length %= lengths[-1]
    return np.array([np.interp(length, lengths, line[:, 0]), np.interp(length, lengths, line[:, 1])])
