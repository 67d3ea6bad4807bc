# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots side by side with one column of labels: the same rows, estimated in several ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference_backend.reporting.markup import Html
from inference_backend.reporting.palette import GRID, INK, SERIES
from inference_backend.reporting.plots import WIDTH_PX, Dot
from inference_backend.reporting.svg import CHARACTER_PX, Axis, Frame, legend, line, mark, picture, word
from inference_backend.reporting.words import Words

_SHAPES = ("disc", "square", "triangle", "diamond")
_GAP_PX = 30.0
_TOP_PX = 24.0
_LABEL_PX = 250.0


@dataclass(frozen=True)
class Panel:
    """One column of a plot: its name, and by series the dots of each row (None: nothing to say)."""

    name: str
    series: Mapping[str, Sequence[Dot | None]]


def panels(labels: Sequence[str], columns: Sequence[Panel], words: Words, *, title: str, axis: Axis) -> Html:
    """Dots with whiskers, one row for each label, one panel for each column, series told apart by shape.

    Args:
        labels: of the rows.
        columns: panels with the same series in the same order.
        words: the page's language.
        title: what the plot shows.
        axis: of every panel.
    """
    names = list(columns[0].series) if columns else []
    row_px = 8.0 + 10.0 * len(names)
    left = min(_LABEL_PX, 12 + CHARACTER_PX * max(map(len, labels), default=0))
    wide = (WIDTH_PX - left - 24 - _GAP_PX * (len(columns) - 1)) / max(1, len(columns))
    height = row_px * len(labels)
    parts = [
        word(left - 10, _TOP_PX + row_px * (number + 0.5) + 4, label, "end small")
        for number, label in enumerate(labels)
    ]
    for place, column in enumerate(columns):
        frame = Frame(left + place * (wide + _GAP_PX), _TOP_PX, wide, height, axis, Axis(low=0, high=1))
        parts += _panel(column, frame, row_px, words)
    entries = [(mark(_SHAPES[i], 10, 0, SERIES[i], 5), name) for i, name in enumerate(names)]
    drawn, used = legend(entries, left, _TOP_PX + height + 34, WIDTH_PX - left)
    return picture(WIDTH_PX, _TOP_PX + height + 24 + used, title, parts, drawn)


def _panel(column: Panel, frame: Frame, row_px: float, words: Words) -> list[Html]:
    bottom, right = frame.top + frame.height, frame.left + frame.width
    parts = [word(frame.left, frame.top - 9, column.name, "strong small")]
    for value, label in frame.x.ticks(words, 4):
        at = frame.px(value)
        parts += [line(at, frame.top, at, bottom, GRID), word(at, bottom + 16, label, "mid small faint")]
    rows = max((len(dots) for dots in column.series.values()), default=0)
    parts += [
        line(frame.left, frame.top + row_px * n, right, frame.top + row_px * n, "#eef0f3")
        for n in range(rows + 1)
    ]
    for number, dots in enumerate(column.series.values()):
        for row, dot in enumerate(dots):
            if dot is not None:
                parts += _dot(dot, frame, frame.top + row_px * row + 9 + 10 * number, number)
    return parts


def _dot(dot: Dot, frame: Frame, at: float, number: int) -> list[Html]:
    parts = []
    colour = SERIES[number]
    low_end, high_end = frame.x.low or 0.0, frame.x.high if frame.x.high is not None else 1.0
    if dot.required is not None and low_end <= dot.required <= high_end:
        parts.append(mark("bar", frame.px(dot.required), at, INK, 5))
    if dot.low is not None and dot.high is not None:
        ends = [frame.px(min(max(value, low_end), high_end)) for value in (dot.low, dot.high)]
        parts.append(line(ends[0], at, ends[1], at, colour, 2))
    if dot.value is not None:
        parts.append(mark(_SHAPES[number], frame.px(min(max(dot.value, low_end), high_end)), at, colour, 4.2))
    return parts
