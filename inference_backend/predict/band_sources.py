# SPDX-License-Identifier: GPL-2.0-or-later
"""Where each band of a model comes from: by description, by explicit choice, or a constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import rasterio
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.errors import BadBandOptionError, MissingBandsError, UnreadableRasterError

_ALIASES = {
    "red": ("red", "r", "rouge"),
    "green": ("green", "g", "vert", "verte"),
    "blue": ("blue", "b", "bleu", "bleue"),
    "nir": ("nir", "ir", "pir", "irc", "near infrared", "proche infrarouge", "infrared", "infrarouge"),
    "height": ("height", "elevation", "hauteur", "ndsm", "mnh", "dhm", "chm"),
}


@dataclass(frozen=True)
class BandSource:
    """One input band: `path` and 1-based `index`, or the constant `fill` where `path` is None."""

    name: str
    path: Path | None = None
    index: int = 0
    fill: float = 0.0


@dataclass(frozen=True)
class BandChoice:
    """What the user said of the bands; empty means "by description".

    Attributes:
        bands: band name to (file, 1-based index).
        fill: band name to a constant that stands for a missing band.
    """

    bands: Mapping[str, tuple[Path, int]] = field(default_factory=dict)
    fill: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, bands: str = "", fill: str = "") -> BandChoice:
        """Read `red=ortho.tif:1,nir=irc.tif:1` and `height=0`.

        Raises:
            BadBandOptionError: malformed.
        """
        return cls(
            {name: _file_and_index(name, value) for name, value in _pairs("--bands", bands)},
            {name: _constant(name, value) for name, value in _pairs("--fill", fill)},
        )


def find_bands(rasters: Sequence[Path], card: ModelCard, choice: BandChoice) -> tuple[BandSource, ...]:
    """A source for each band of the card, in its order.

    Raises:
        UnreadableRasterError: a file cannot be opened.
        MissingBandsError: no raster holds a band, and no constant stands for it.
        BadBandOptionError: an explicit index that the file does not have.
    """
    known = _described_bands([*rasters, *(path for path, _ in choice.bands.values())])
    for name, (path, index) in choice.bands.items():
        if not 1 <= index <= known[path][1]:
            limits = f"1..{known[path][1]}"
            raise BadBandOptionError(
                option="--bands", value=f"{name}={path}:{index}", expected_en=limits, expected_fr=limits
            )
    found = {name: BandSource(name, *place) for name, place in _by_description(known).items()}
    found.update({name: BandSource(name, path, index) for name, (path, index) in choice.bands.items()})
    for name, value in choice.fill.items():
        found.setdefault(name, BandSource(name, fill=value))
    missing = [band.name for band in card.bands if band.name not in found]
    if missing:
        # A truncated TIFF has often lost its descriptions first.
        for path in rasters:
            _require_last_pixel(path)
        raise MissingBandsError(
            path=", ".join(str(path) for path in rasters),
            missing=", ".join(missing),
            found=", ".join(sorted(_by_description(known))) or "-",
            example=missing[-1],
        )
    return tuple(found[band.name] for band in card.bands)


def _described_bands(paths: Sequence[Path]) -> dict[Path, tuple[tuple[str, ...], int]]:
    """Path to (band descriptions in lower case, number of bands)."""
    known = {}
    for path in dict.fromkeys(paths):
        try:
            with rasterio.open(path) as raster:
                texts = tuple((text or "").strip().casefold() for text in raster.descriptions)
                known[path] = (texts, int(raster.count))
        except RasterioIOError as error:
            raise UnreadableRasterError(path=path, reason=error) from error
    return known


def _require_last_pixel(path: Path) -> None:
    """Read what a truncated file has lost.

    Raises:
        UnreadableRasterError: it cannot be read.
    """
    try:
        with rasterio.open(path) as raster:
            raster.read(window=Window(raster.width - 1, raster.height - 1, 1, 1))
    except RasterioIOError as error:
        raise UnreadableRasterError(path=path, reason=error.__cause__ or error) from error


def _by_description(known: dict[Path, tuple[tuple[str, ...], int]]) -> dict[str, tuple[Path, int]]:
    found: dict[str, tuple[Path, int]] = {}
    for path, (texts, _) in known.items():
        for index, text in enumerate(texts, start=1):
            if text:
                name = next((name for name, words in _ALIASES.items() if text in words), text)
                found.setdefault(name, (path, index))
    return found


def _pairs(option: str, text: str) -> list[tuple[str, str]]:
    pairs = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, separator, value = part.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise BadBandOptionError(
                option=option, value=part, expected_en="name=value", expected_fr="nom=valeur"
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def _file_and_index(name: str, value: str) -> tuple[Path, int]:
    file, _, index = value.rpartition(":")
    if not file or not index.isdigit():
        raise BadBandOptionError(
            option="--bands",
            value=f"{name}={value}",
            expected_en="name=file:band, the band counted from 1",
            expected_fr="nom=fichier:bande, la bande comptée à partir de 1",
        )
    return Path(file), int(index)


def _constant(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise BadBandOptionError(
            option="--fill", value=f"{name}={value}", expected_en="a number", expected_fr="un nombre"
        ) from error
