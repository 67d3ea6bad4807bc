# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces of pictures: lines, marks and texts in pixels, and axes with round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inference_backend.reporting.markup import Content, Html, tag
from inference_backend.reporting.palette import GRID, INK
from inference_backend.reporting.words import Words

CHARACTER_PX = 6.6
"""Mean width of a character at the size of the pictures' texts, px: enough to leave room for labels."""


def picture(width_px: float, height_px: float, label: str, *content: Content) -> Html:
    """An SVG with a name for those who do not see it."""
    size = {"viewBox": f"0 0 {width_px:.0f} {height_px:.0f}", "width": f"{width_px:.0f}"}
    return tag(
        "svg", tag("title", label), *content, **size, height=f"{height_px:.0f}", role="img", aria_label=label
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str = INK,
    width_px: float = 1,
    dash: str | None = None,
) -> Html:
    """A straight line."""
    return tag(
        "line",
        x1=_px(x1),
        y1=_px(y1),
        x2=_px(x2),
        y2=_px(y2),
        stroke=colour,
        stroke_width=width_px,
        stroke_dasharray=dash,
    )


def rectangle(
    x: float, y: float, width: float, height: float, fill: str, *content: Content, stroke: str | None = None
) -> Html:
    """A filled box; `content` may be a `title` element."""
    size = {"width": _px(max(width, 0)), "height": _px(max(height, 0))}
    return tag("rect", *content, x=_px(x), y=_px(y), **size, fill=fill, stroke=stroke)


def word(x: float, y: float, content: Content, kind: str | None = None, turn: float | None = None) -> Html:
    """Text with its base line at (x, y); `kind` is a class of the style (`end`, `mid`, `small`, `faint`)."""
    turned = None if turn is None else f"rotate({turn:g} {_px(x)} {_px(y)})"
    return tag("text", content, x=_px(x), y=_px(y), class_=kind, transform=turned)


def path(
    points: list[tuple[float, float]], colour: str, width_px: float = 2, dash: str | None = None
) -> Html:
    """A line through points."""
    steps = " ".join(f"{'M' if place == 0 else 'L'}{_px(x)} {_px(y)}" for place, (x, y) in enumerate(points))
    return tag("path", d=steps, fill="none", stroke=colour, stroke_width=width_px, stroke_dasharray=dash)


def mark(shape: str, x: float, y: float, colour: str, size_px: float = 4.5, *content: Content) -> Html:
    """A sign told apart by its shape: one of `SHAPES`, or `bar`."""
    if shape in ("disc", "ring"):
        fill, stroke = (colour, "#fff") if shape == "disc" else ("none", colour)
        width = 0.8 if shape == "disc" else 1.8
        return tag(
            "circle", *content, cx=_px(x), cy=_px(y), r=size_px, fill=fill, stroke=stroke, stroke_width=width
        )
    open_ = shape in _STROKES
    steps = _STROKES.get(shape) or _FILLED[shape]
    drawn = " ".join(f"{step}{_px(x + dx * size_px)} {_px(y + dy * size_px)}" for step, dx, dy in steps)
    if open_:
        return tag("path", *content, d=drawn, fill="none", stroke=colour, stroke_width=2.2)
    return tag("path", *content, d=drawn + "Z", fill=colour, stroke="#fff", stroke_width=0.8)


_STROKES = {
    "cross": (("M", -1, -1), ("L", 1, 1), ("M", -1, 1), ("L", 1, -1)),
    "plus": (("M", -1.2, 0), ("L", 1.2, 0), ("M", 0, -1.2), ("L", 0, 1.2)),
    "bar": (("M", 0, -1.2), ("L", 0, 1.2)),
}
_FILLED = {
    "square": (("M", -0.9, -0.9), ("L", 0.9, -0.9), ("L", 0.9, 0.9), ("L", -0.9, 0.9)),
    "triangle": (("M", 0, -1.15), ("L", 1.05, 0.85), ("L", -1.05, 0.85)),
    "diamond": (("M", 0, -1.25), ("L", 1.25, 0), ("L", 0, 1.25), ("L", -1.25, 0)),
}
SHAPES = ("disc", "square", "triangle", "diamond", "cross", "ring", "plus")


@dataclass(frozen=True)
class Axis:
    """An axis in values, and what it is called.

    Attributes:
        name: with its unit.
        low: first value; None takes the data's (0 for `number` where all are above).
        high: last value; None takes the data's, rounded up.
        kind: `number`, `percent` (values are shares 0..1) or `date` (values from `day_number`).
    """

    name: str = ""
    low: float | None = None
    high: float | None = None
    kind: str = "number"

    def fitted(self, values: list[float]) -> Axis:
        """The same with both ends, so that `values` lie within."""
        known = [value for value in values if math.isfinite(value)] or [0.0]
        low = self.low if self.low is not None else min(0.0, *known) if self.kind == "number" else min(known)
        high = self.high if self.high is not None else max(known)
        if high <= low:
            high = low + 1.0
        if self.high is None and self.kind != "date":
            step = tick_step(low, high)
            high = math.ceil(high / step - 1e-9) * step
        return Axis(self.name, low, high, self.kind)

    def ticks(self, words: Words, most: int = 6) -> list[tuple[float, str]]:
        """Round values between the ends, with their texts."""
        low, high = self.low or 0.0, self.high if self.high is not None else 1.0
        if self.kind == "date":
            return _date_ticks(low, high, words, most)
        step = tick_step(low, high, most)
        first = math.ceil(low / step - 1e-9)
        values = [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]
        if self.kind == "percent":
            decimals = max(0, -math.floor(math.log10(step * 100) + 1e-9))
            return [(value, words.percent(value, decimals)) for value in values]
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return [(value, words.number(value, decimals)) for value in values]


def tick_step(low: float, high: float, most: int = 6) -> float:
    """Distance of ticks, 1, 2 or 5 times a power of ten, such that at most `most` intervals come out."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))


def day_number(moment: datetime) -> float:
    """Days since 1970 of a moment, for axes of dates."""
    return moment.timestamp() / 86400.0


def _date_ticks(low: float, high: float, words: Words, most: int) -> list[tuple[float, str]]:
    first = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=low)
    last = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=high)
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= most), 120)
    ticks = []
    for number in range(first.year * 12, last.year * 12 + 13):
        moment = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if number % every == 0 and low <= day_number(moment) <= high:
            ticks.append((day_number(moment), words.month(moment)))
    return ticks or [(low, words.short_day(first)), (high, words.short_day(last))]


@dataclass(frozen=True)
class Frame:
    """The place of a plot in its picture: values to pixels, y upwards."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis

    def px(self, value: float) -> float:
        """Column of a value."""
        low, high = self.x.low or 0.0, self.x.high if self.x.high is not None else 1.0
        return self.left + self.width * (value - low) / (high - low)

    def py(self, value: float) -> float:
        """Line of a value."""
        low, high = self.y.low or 0.0, self.y.high if self.y.high is not None else 1.0
        return self.top + self.height * (1.0 - (value - low) / (high - low))

    def drawn(self, words: Words, x_ticks: bool = True) -> list[Html]:
        """Grid, ticks and names of both axes."""
        bottom, right = self.top + self.height, self.left + self.width
        parts = []
        for value, label in self.y.ticks(words):
            at = self.py(value)
            parts += [line(self.left, at, right, at, GRID), word(self.left - 6, at + 4, label, "end small")]
        for value, label in self.x.ticks(words) if x_ticks else ():
            at = self.px(value)
            parts += [line(at, bottom, at, bottom + 4), word(at, bottom + 17, label, "mid small")]
        parts.append(line(self.left, bottom, right, bottom))
        if self.x.name:
            parts.append(word(self.left + self.width / 2, bottom + 34, self.x.name, "mid faint"))
        if self.y.name:
            parts.append(word(self.left - 60, 13, self.y.name, "faint"))
        return parts


def legend(entries: list[tuple[Html, str]], x: float, y: float, width_px: float) -> tuple[list[Html], float]:
    """Signs (drawn at the origin, 20 px wide) and names in rows; gives also the height used, px."""
    parts, column, row = [], x, y
    for sign, name in entries:
        wide = 28 + CHARACTER_PX * len(name) + 14
        if column > x and column + wide > x + width_px:
            column, row = x, row + 18
        parts += [
            tag("g", sign, transform=f"translate({_px(column)} {_px(row)})"),
            word(column + 26, row + 4, name),
        ]
        column += wide
    return parts, row - y + 18


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
