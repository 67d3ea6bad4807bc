# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots: estimates with their intervals, curves with reference lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from inference_backend.reporting.markup import Html, join, tag
from inference_backend.reporting.palette import BAD, FAINT, GRID, INK, SERIES
from inference_backend.reporting.svg import (
    CHARACTER_PX,
    SHAPES,
    Axis,
    Frame,
    legend,
    line,
    mark,
    path,
    picture,
    rectangle,
    word,
)
from inference_backend.reporting.words import Words

WIDTH_PX = 860.0
ROW_PX = 22.0
ROWS_OF_A_PICTURE = 38
"""Rows that fit on a printed page; longer lists become several pictures."""
_DASHES = (None, "7 4", "2 3", "9 3 2 3", "4 2")


@dataclass(frozen=True)
class Dot:
    """A row of `dot_and_whisker`.

    Attributes:
        label: what is estimated.
        value: the estimate, None where there is none.
        low: lower end of its interval, None where unknown.
        high: upper end.
        note: small words after the figure: units it rests on.
        required: a limit of this row alone, drawn as a bar.
        strong: the row stands out.
        bad: it does not hold what is required.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    required: float | None = None
    strong: bool = False
    bad: bool = False


@dataclass(frozen=True)
class Reference:
    """A line across a plot at a value that people compare with; `axis` is `y` (level) or `x` (upright)."""

    value: float
    name: str
    axis: str = "y"


@dataclass(frozen=True)
class Line:
    """One line of a curve: points (x, y) in order; `step` keeps each value until the next."""

    name: str
    points: Sequence[tuple[float, float]]
    step: bool = False
    dashed: bool = False
    marks: bool = False


@dataclass(frozen=True)
class Mark:
    """A point that stands out in a curve, with its words."""

    x: float
    y: float
    name: str
    shape: str = "diamond"
    bad: bool = False


@dataclass(frozen=True)
class Bar:
    """A row or column of bars: one value, or stacked parts in the order of `names`; None is not known."""

    label: str
    values: Sequence[float | None]
    tip: str = ""
    low: float | None = None
    high: float | None = None
    extra: dict[str, str] = field(default_factory=dict)


def dot_and_whisker(
    rows: Sequence[Dot],
    words: Words,
    *,
    title: str,
    axis: Axis | None = None,
    references: Sequence[Reference] = (),
) -> Html:
    """Estimates as points on their intervals, one row each, with the figures written at the end.

    Args:
        rows: what to show; long lists become several pictures.
        words: the page's language.
        title: what the plot shows, for those who do not see it.
        axis: percent with ends fitted to the data, unless given.
        references: upright lines.
    """
    ends = [v for row in rows for v in (row.value, row.low, row.high, row.required) if v is not None]
    fitted = axis or Axis(low=_below(ends + [r.value for r in references]), high=1.0, kind="percent")
    fitted = fitted.fitted(ends or [0.0])
    parts = [rows[at : at + ROWS_OF_A_PICTURE] for at in range(0, len(rows), ROWS_OF_A_PICTURE)]
    return join(_dots(part, words, title, fitted, references) for part in parts)


def _below(ends: list[float]) -> float:
    """A round share under everything: the left end of an axis that ends at 100 %."""
    return max(0.0, int(max(0.0, min(ends, default=0.0) - 0.02) * 10) / 10)


def _dots(rows: Sequence[Dot], words: Words, title: str, axis: Axis, references: Sequence[Reference]) -> Html:
    left = min(300.0, 16 + CHARACTER_PX * max((len(row.label) for row in rows), default=0))
    texts = [_figure(row, words, axis.kind) for row in rows]
    right = 14 + CHARACTER_PX * max(map(len, texts), default=0)
    top = 26.0 if references else 8.0
    frame = Frame(left, top, WIDTH_PX - left - right, ROW_PX * len(rows), axis, Axis(low=0, high=1))
    bottom = frame.top + frame.height
    parts: list[Html] = []
    for value, label in axis.ticks(words):
        at = frame.px(value)
        parts += [line(at, top, at, bottom, GRID), word(at, bottom + 16, label, "mid small faint")]
    for number, reference in enumerate(references):
        at = frame.px(reference.value)
        parts += [
            line(at, top - 4, at, bottom, INK, 1.4, "5 3"),
            word(at, top - 8 - 12 * (number % 2), reference.name, "mid small"),
        ]
    for number, (row, said) in enumerate(zip(rows, texts, strict=True)):
        parts += _dot(row, said, frame, frame.top + ROW_PX * (number + 0.5))
    return picture(WIDTH_PX, bottom + 24, title, parts)


def _dot(row: Dot, said: str, frame: Frame, at: float) -> list[Html]:
    kind = "strong " if row.strong else ""
    colour = BAD if row.bad else SERIES[0]
    parts = [word(frame.left - 8, at + 4, row.label, f"{kind}end")]
    parts.append(word(frame.left + frame.width + 10, at + 4, said, f"{kind}small"))
    if row.required is not None:
        parts.append(mark("bar", frame.px(row.required), at, INK, 6))
    if row.low is not None and row.high is not None:
        low, high = frame.px(max(row.low, frame.x.low or 0.0)), frame.px(min(row.high, frame.x.high or 1.0))
        parts.append(line(low, at, high, at, colour, 2.4))
        parts += [line(end, at - 4, end, at + 4, colour, 1.6) for end in (low, high)]
    if row.value is not None:
        shape = "diamond" if row.bad else "disc"
        parts.append(mark(shape, frame.px(row.value), at, colour, 6 if row.strong else 5))
    return parts


def _figure(row: Dot, words: Words, kind: str) -> str:
    if row.value is None:
        figure = words.t("cannot be estimated", "non estimable")
    elif kind == "percent":
        figure = f"{words.percent(row.value)} {words.interval(row.low, row.high)}".strip()
    else:
        figure = words.number(row.value, 1)
        if row.low is not None and row.high is not None:
            figure += f" [{words.number(row.low, 1)}{words.t(', ', ' ; ')}{words.number(row.high, 1)}]"
    return f"{figure} · {row.note}" if row.note else figure


def curve(
    lines: Sequence[Line],
    words: Words,
    *,
    title: str,
    x: Axis,
    y: Axis,
    references: Sequence[Reference] = (),
    marks: Sequence[Mark] = (),
    height_px: float = 300.0,
    width_px: float = WIDTH_PX,
) -> Html:
    """Lines over two axes, told apart by colour and dashes, with reference lines and marks.

    Args:
        lines: one or more; an empty one keeps its place in the legend.
        words: the page's language.
        title: what the plot shows.
        x: axis; its ends are fitted to the data where they are None.
        y: axis likewise.
        references: lines across the plot.
        marks: single points with words.
        height_px: of the plot without axes.
        width_px: of the picture.
    """
    xs = [p[0] for each in lines for p in each.points] + [m.x for m in marks]
    ys = [p[1] for each in lines for p in each.points] + [m.y for m in marks]
    xs += [r.value for r in references if r.axis == "x"]
    ys += [r.value for r in references if r.axis == "y"]
    top = 14.0 + (18.0 if y.name else 0.0)
    top += 12.0 if any(reference.axis == "x" for reference in references) else 0.0
    frame = Frame(70, top, width_px - 100, height_px, x.fitted(xs), y.fitted(ys))
    parts = frame.drawn(words)
    for reference in references:
        parts += _reference(reference, frame)
    entries = []
    for number, each in enumerate(lines):
        colour = SERIES[number % len(SERIES)]
        dash = "6 4" if each.dashed else _DASHES[(number // 2) % len(_DASHES)]
        parts += _line(each, frame, colour, dash)
        entries.append((line(0, 0, 20, 0, colour, 2.4, dash), each.name))
    for each_mark in marks:
        parts += _mark(each_mark, frame)
    used = top + height_px + (44 if x.name else 30)
    if any(name for _, name in entries):
        drawn, height = legend(entries, frame.left, used + 8, frame.width)
        parts, used = parts + drawn, used + height + 6
    return picture(width_px, used, title, parts)


def _reference(reference: Reference, frame: Frame) -> list[Html]:
    if reference.axis == "x":
        at = frame.px(reference.value)
        upright = line(at, frame.top - 2, at, frame.top + frame.height, FAINT, 1.2, "5 3")
        return [upright, word(at, frame.top - 6, reference.name, "mid small")]
    at = frame.py(reference.value)
    right = frame.left + frame.width
    return [
        line(frame.left, at, right, at, FAINT, 1.2, "5 3"),
        word(right, at - 4, reference.name, "end small"),
    ]


def _line(each: Line, frame: Frame, colour: str, dash: str | None) -> list[Html]:
    points = [(frame.px(px), frame.py(py)) for px, py in each.points]
    signs = [mark("disc", px, py, colour, 3.5) for px, py in points] if each.marks else []
    if each.step and points:
        stairs = [points[0]]
        for before, after in pairwise(points):
            stairs += [(after[0], before[1]), after]
        points = stairs
    return [path(points, colour, 2.4, dash), *signs] if points else []


def _mark(each: Mark, frame: Frame) -> list[Html]:
    at_x, at_y = frame.px(each.x), frame.py(each.y)
    near_end = at_x > frame.left + 0.7 * frame.width
    beside = at_y + 18 if at_y < frame.top + 20 else at_y - 8
    kind = "strong end" if near_end else "strong"
    label = word(at_x + (-10 if near_end else 10), beside, each.name, kind)
    return [mark(each.shape, at_x, at_y, BAD if each.bad else INK, 6), label]


def bars(
    rows: Sequence[Bar],
    words: Words,
    *,
    title: str,
    names: Sequence[str] = ("",),
    unit: str = "",
    decimals: int = 0,
    references: Sequence[Reference] = (),
    kind: str = "number",
) -> Html:
    """Lying bars, one row each, stacked where there are several names; the total is written at the end.

    A value that is not known is written as such and has no bar. Long lists become several pictures.
    """
    totals = [sum(v for v in row.values if v is not None) for row in rows]
    ends = [*totals, *(row.high for row in rows if row.high is not None), *(r.value for r in references)]
    axis = Axis(low=0.0, kind=kind).fitted(ends)
    parts = [rows[at : at + ROWS_OF_A_PICTURE] for at in range(0, len(rows), ROWS_OF_A_PICTURE)]
    return join(_bars(part, words, title, names, unit, decimals, references, axis) for part in parts)


def _bars(
    rows: Sequence[Bar],
    words: Words,
    title: str,
    names: Sequence[str],
    unit: str,
    decimals: int,
    references: Sequence[Reference],
    axis: Axis,
) -> Html:
    left = min(300.0, 16 + CHARACTER_PX * max((len(row.label) for row in rows), default=0))
    top = 24.0 if references else 6.0
    frame = Frame(left, top, WIDTH_PX - left - 120, ROW_PX * len(rows), axis, Axis(low=0, high=1))
    bottom = frame.top + frame.height
    parts: list[Html] = []
    for value, label in axis.ticks(words):
        at = frame.px(value)
        parts += [line(at, top, at, bottom, GRID), word(at, bottom + 16, label, "mid small faint")]
    for number, row in enumerate(rows):
        parts += _bar(row, words, frame, frame.top + ROW_PX * number, unit, decimals, names)
    for number, reference in enumerate(references):
        at = frame.px(reference.value)
        parts += [
            line(at, top - 4, at, bottom, INK, 1.4, "5 3"),
            word(at, top - 8 - 0 * number, reference.name, "mid small"),
        ]
    used = bottom + 22
    if len(names) > 1:
        entries = [(rectangle(0, -6, 18, 12, SERIES[i % len(SERIES)]), name) for i, name in enumerate(names)]
        drawn, height = legend(entries, left, used + 12, frame.width)
        parts, used = parts + drawn, used + height + 8
    return picture(WIDTH_PX, used, title, parts)


def _bar(
    row: Bar, words: Words, frame: Frame, top: float, unit: str, decimals: int, names: Sequence[str]
) -> list[Html]:
    parts = [word(frame.left - 8, top + 15, row.label, "end")]
    start = frame.px(0)
    for place, value in enumerate(row.values):
        if value:
            end = start + frame.px(value) - frame.px(0)
            tip = tag("title", f"{row.label} {names[place]} : {words.number(value, decimals)} {unit}")
            parts.append(
                rectangle(
                    start, top + 3, end - start, ROW_PX - 6, SERIES[place % len(SERIES)], tip, stroke="#fff"
                )
            )
            start = end
    if row.low is not None and row.high is not None:
        middle = top + ROW_PX / 2
        parts.append(line(frame.px(row.low), middle, frame.px(row.high), middle, INK, 1.4))
    parts.append(
        word(
            max(start, frame.px(row.high or 0)) + 6,
            top + 15,
            _total(row, words, frame.x.kind, unit, decimals),
            "small",
        )
    )
    return parts


def _total(row: Bar, words: Words, kind: str, unit: str, decimals: int) -> str:
    if row.tip:
        return row.tip
    if all(value is None for value in row.values):
        return words.unknown
    total = sum(value for value in row.values if value is not None)
    if kind == "percent":
        return words.percent(total, decimals)
    return words.quantity(total, unit, decimals) if unit else words.number(total, decimals)


__all__ = ["SHAPES", "Bar", "Dot", "Line", "Mark", "Reference", "bars", "curve", "dot_and_whisker"]
