# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours of materials as sunlit 8-bit values (red, green, blue, nir), and their variation by seed.

Near infrared follows physics: leaves are bright, conifers less, water and slate dark, soils grow with red.
"""

from __future__ import annotations

import numpy as np

Colour = tuple[float, float, float, float]
Rng = np.random.Generator

ASPHALT: tuple[Colour, ...] = (
    (122, 121, 122, 112),
    (146, 144, 141, 132),
    (104, 105, 108, 94),
    (164, 161, 156, 150),
    (182, 178, 172, 166),
)
CONCRETE: tuple[Colour, ...] = ((186, 182, 174, 172), (170, 166, 158, 158), (198, 192, 182, 186))
GRAVEL: tuple[Colour, ...] = ((190, 178, 156, 172), (176, 166, 148, 160), (202, 188, 162, 182))
BALLAST: tuple[Colour, ...] = ((136, 126, 116, 118), (124, 112, 102, 108))
TILES: tuple[Colour, ...] = (
    (200, 136, 112, 170),
    (208, 148, 122, 178),
    (178, 116, 94, 152),
    (212, 160, 136, 182),
    (156, 110, 94, 138),
    (188, 138, 118, 160),
    (196, 122, 94, 166),
    (168, 128, 112, 146),
    (142, 100, 88, 126),
)
SLATE: tuple[Colour, ...] = ((94, 98, 108, 84), (82, 86, 94, 74), (110, 112, 118, 98))
METAL: tuple[Colour, ...] = (
    (196, 200, 204, 178),
    (172, 178, 184, 160),
    (118, 138, 164, 130),
    (206, 202, 190, 186),
    (136, 148, 140, 126),
    (150, 84, 72, 130),
    (92, 98, 104, 86),
)
MEMBRANE: tuple[Colour, ...] = ((164, 162, 160, 148), (128, 126, 126, 112), (204, 202, 198, 190))
GLASS: tuple[Colour, ...] = ((176, 190, 192, 150), (192, 200, 198, 164), (204, 208, 206, 172))
LAWN: tuple[Colour, ...] = ((98, 126, 68, 186), (112, 134, 76, 190), (130, 138, 84, 176), (88, 118, 62, 190))
MEADOW: tuple[Colour, ...] = (
    (108, 132, 72, 184),
    (124, 140, 82, 178),
    (142, 146, 92, 168),
    (96, 124, 66, 192),
)
DRY_GRASS: tuple[Colour, ...] = ((164, 154, 108, 164), (176, 162, 116, 166), (150, 144, 98, 160))
SOIL: tuple[Colour, ...] = (
    (142, 112, 86, 108),
    (118, 94, 74, 92),
    (166, 138, 108, 132),
    (186, 164, 134, 156),
    (128, 90, 68, 104),
)
EARTHWORKS: tuple[Colour, ...] = ((190, 162, 126, 160), (178, 146, 110, 146), (204, 184, 152, 178))
QUARRY: tuple[Colour, ...] = ((214, 202, 178, 196), (196, 184, 162, 178), (206, 190, 158, 186))
ROCK: tuple[Colour, ...] = ((168, 164, 158, 146), (152, 146, 136, 132), (180, 172, 160, 156))
SHINGLE: tuple[Colour, ...] = ((196, 190, 178, 176), (182, 176, 166, 164))
BROADLEAF: tuple[Colour, ...] = (
    (74, 100, 54, 178),
    (64, 92, 48, 172),
    (88, 112, 58, 186),
    (80, 102, 62, 170),
    (96, 114, 62, 180),
    (70, 96, 60, 166),
    (104, 118, 70, 176),
)
CONIFER: tuple[Colour, ...] = (
    (58, 82, 58, 128),
    (50, 74, 56, 118),
    (66, 88, 60, 136),
    (62, 84, 68, 124),
)
BUSH: tuple[Colour, ...] = ((88, 106, 62, 158), (100, 110, 68, 152), (80, 98, 58, 160), (112, 112, 76, 146))
HEDGE: tuple[Colour, ...] = ((62, 90, 52, 168), (74, 98, 58, 172), (52, 80, 48, 158))
VINE_LEAF: tuple[Colour, ...] = ((84, 112, 58, 182), (98, 118, 62, 178), (76, 104, 56, 184))
RIVER: tuple[Colour, ...] = ((64, 78, 64, 34), (78, 88, 66, 40), (56, 72, 70, 28))
POND: tuple[Colour, ...] = ((60, 80, 72, 24), (74, 92, 76, 34), (50, 66, 70, 20), (88, 100, 76, 42))
POOL: tuple[Colour, ...] = ((104, 192, 208, 48), (86, 176, 204, 40), (128, 204, 206, 60), (74, 156, 190, 36))
PAINT: Colour = (228, 228, 224, 206)
CARS: tuple[Colour, ...] = (
    (212, 212, 212, 190),
    (60, 62, 66, 52),
    (150, 152, 156, 134),
    (238, 238, 236, 214),
    (40, 40, 44, 36),
    (132, 40, 36, 96),
    (48, 70, 118, 70),
    (98, 104, 110, 88),
)
WASTE: tuple[Colour, ...] = ((98, 78, 60, 96), (84, 68, 56, 88), (118, 92, 66, 112))
REED: tuple[Colour, ...] = ((142, 162, 84, 198), (154, 168, 92, 202))

CROPS: dict[str, tuple[Colour, Colour, float, float]] = {
    # name: colour of plants, colour between rows, row spacing (m), height (m)
    "wheat_green": ((84, 120, 60, 194), (100, 128, 70, 186), 1.2, 0.4),
    "wheat_ripe": ((198, 178, 118, 172), (184, 162, 106, 164), 1.6, 0.7),
    "barley": ((176, 168, 100, 178), (162, 156, 94, 172), 1.4, 0.6),
    "rape": ((190, 188, 66, 188), (150, 160, 66, 190), 2.4, 0.9),
    "maize": ((72, 110, 54, 200), (88, 112, 62, 184), 0.8, 1.8),
    "beet": ((82, 130, 62, 206), (112, 124, 74, 170), 1.0, 0.3),
    "sunflower": ((124, 134, 60, 182), (134, 122, 80, 150), 0.9, 1.1),
    "stubble": ((202, 186, 142, 172), (184, 164, 122, 156), 3.0, 0.1),
    "emerging": ((138, 120, 88, 128), (124, 124, 78, 150), 1.5, 0.05),
    "alfalfa": ((86, 126, 74, 198), (96, 130, 80, 192), 3.0, 0.4),
}
SEASONS: dict[str, dict[str, float]] = {
    "spring": {
        "wheat_green": 5,
        "rape": 2.5,
        "barley": 1,
        "emerging": 2,
        "alfalfa": 1,
        "beet": 1,
        "plowed": 1.5,
    },
    "summer": {
        "wheat_ripe": 3,
        "barley": 1.5,
        "maize": 2.5,
        "sunflower": 1.5,
        "stubble": 2,
        "beet": 1,
        "alfalfa": 1,
        "plowed": 0.8,
    },
    "autumn": {"stubble": 3, "maize": 1.5, "plowed": 4, "beet": 1, "emerging": 1.5, "alfalfa": 1},
}


def pick(rng: Rng, colours: tuple[Colour, ...], jitter: float = 0.06) -> Colour:
    """One of `colours`, a little brighter or darker and of a slightly other hue."""
    base = np.array(colours[int(rng.integers(len(colours)))], dtype=np.float64)
    value = base * (1.0 + rng.normal(0.0, jitter)) * (1.0 + rng.normal(0.0, jitter * 0.35, 4))
    r, g, b, n = (float(v) for v in np.clip(value, 8.0, 248.0))
    return r, g, b, n


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of `b` in `a`."""
    r, g, bl, n = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return r, g, bl, n


def scale(a: Colour, factor: float) -> Colour:
    """Brighter or darker."""
    r, g, b, n = (min(max(x * factor, 4.0), 250.0) for x in a)
    return r, g, b, n
