# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps drawn as SVG: polygons simplified to what the picture can show, signs, a legend, north and a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference_backend.reporting.map_paths import Geometries, path_steps
from inference_backend.reporting.markup import Html, tag
from inference_backend.reporting.palette import INK
from inference_backend.reporting.svg import legend, line, mark, picture, rectangle, word
from inference_backend.reporting.words import Words

_MARGIN_PX = 12.0


class Map:
    """A map that is filled layer by layer, then written.

    Coordinates are those of one projection in metres, whatever it is: the scale bar is only right there.
    """

    def __init__(
        self,
        bounds: tuple[float, float, float, float],
        words: Words,
        *,
        title: str,
        width_px: float = 860.0,
        height_px: float = 620.0,
        metres: bool = True,
    ) -> None:
        """Args: bounds (xmin, ymin, xmax, ymax); the picture's largest size in px; `metres` draws a scale."""
        xmin, ymin, xmax, ymax = bounds
        wide, high = max(xmax - xmin, 1e-9), max(ymax - ymin, 1e-9)
        self._scale = min((width_px - 2 * _MARGIN_PX) / wide, (height_px - 2 * _MARGIN_PX) / high)
        self._origin = (xmin - _MARGIN_PX / self._scale, ymax + _MARGIN_PX / self._scale)
        self._width_px = max(320.0, wide * self._scale + 2 * _MARGIN_PX)
        self._height_px = high * self._scale + 2 * _MARGIN_PX
        self._words, self._title, self._metres = words, title, metres
        self._layers: list[Html] = []
        self._entries: list[tuple[Html, str]] = []

    def polygons(
        self,
        geometries: Geometries,
        fill: str | Sequence[str] = "none",
        *,
        stroke: str = INK,
        width_px: float = 0.6,
        name: str = "",
        tips: Sequence[str] = (),
    ) -> None:
        """Add polygons.

        Args:
            geometries: shapely polygons or multipolygons.
            fill: one colour, or one for each.
            stroke: colour of the outline.
            width_px: of the outline.
            name: in the legend, where `fill` is one colour; empty for none.
            tips: words under the mouse, one for each; none where the list is empty.
        """
        drawn = self._paths(geometries)
        one = isinstance(fill, str)
        if one and not tips:
            self._layers.append(_path("".join(drawn), str(fill), stroke, width_px))
        else:
            for number, steps in enumerate(drawn):
                tip = tag("title", tips[number]) if tips else None
                self._layers.append(_path(steps, str(fill) if one else fill[number], stroke, width_px, tip))
        if name:
            self.entry(name, str(fill), stroke)

    def lines(self, geometries: Geometries, stroke: str, width_px: float = 1.0, name: str = "") -> None:
        """Add lines as one path."""
        self._layers.append(_path("".join(self._paths(geometries)), "none", stroke, width_px))
        if name:
            self._entries.append((line(0, 0, 20, 0, stroke, width_px), name))

    def points(
        self,
        xy: npt.NDArray[np.float64],
        shape: str,
        colour: str,
        *,
        name: str = "",
        size_px: float = 4.5,
        tips: Sequence[str] = (),
    ) -> None:
        """Add signs (see `svg.mark`) at (n, 2) coordinates; tips are words under the mouse."""
        for number, (x, y) in enumerate(np.asarray(xy, dtype=float).reshape(-1, 2)):
            at_x, at_y = self._pixel(float(x), float(y))
            tip = tag("title", tips[number]) if tips else None
            self._layers.append(mark(shape, at_x, at_y, colour, size_px, tip))
        if name:
            self._entries.append((mark(shape, 10, 0, colour, size_px), name))

    def labels(self, xy: npt.NDArray[np.float64], texts: Sequence[str]) -> None:
        """Write words at (n, 2) coordinates."""
        for (x, y), said in zip(np.asarray(xy, dtype=float).reshape(-1, 2), texts, strict=True):
            at_x, at_y = self._pixel(float(x), float(y))
            self._layers.append(word(at_x, at_y + 4, said, "mid small"))

    def entry(self, name: str, fill: str, stroke: str = INK) -> None:
        """A box in the legend, for fills that were given one by one."""
        self._entries.append((rectangle(0, -6, 18, 12, fill, stroke=stroke), name))

    def html(self) -> Html:
        """The picture."""
        parts = [rectangle(0, 0, self._width_px, self._height_px, "#fff"), *self._layers]
        used = self._height_px + 16
        if self._metres:
            parts += self._bar(used)
        parts += _north(self._width_px - 18, used)
        used += 20
        drawn, height = legend(self._entries, 6, used + 6, self._width_px - 12)
        return picture(self._width_px, used + (height if self._entries else 0), self._title, parts, drawn)

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._origin[0]) * self._scale, (self._origin[1] - y) * self._scale

    def _paths(self, geometries: Geometries) -> list[str]:
        return path_steps(geometries, self._origin, self._scale)

    def _bar(self, at: float) -> list[Html]:
        length_m = _round_length(self._width_px / 4 / self._scale)
        wide = length_m * self._scale
        said = (
            self._words.quantity(length_m / 1000, "km")
            if length_m >= 1000
            else self._words.quantity(length_m, "m")
        )
        return [
            line(6, at, 6 + wide, at, INK, 2),
            *(line(x, at - 4, x, at + 4) for x in (6, 6 + wide)),
            word(12 + wide, at + 4, said, "small"),
        ]


def _path(steps: str, fill: str, stroke: str, width_px: float, tip: Html | None = None) -> Html:
    return tag(
        "path",
        tip,
        d=steps,
        fill=fill,
        fill_rule="evenodd",
        stroke=stroke,
        stroke_width=width_px,
        stroke_linejoin="round",
    )


def _round_length(length: float) -> float:
    power = 10.0 ** math.floor(math.log10(max(length, 1e-9)))
    return float(next(step * power for step in (5.0, 2.0, 1.0) if step * power <= length * (1 + 1e-9)))


def _north(x: float, y: float) -> list[Html]:
    return [
        tag("path", d=f"M{x:.0f} {y - 9:.0f}l5 14l-5 -4l-5 4Z", fill=INK),
        word(x - 10, y + 4, "N", "end small strong"),
    ]
