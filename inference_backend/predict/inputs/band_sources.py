# SPDX-License-Identifier: GPL-2.0-or-later
"""Where each band of a model comes from: by description, by explicit choice, or a constant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rasterio import DatasetReader
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.windows import Window

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.errors import BadBandOptionError, MissingBandsError
from inference_backend.predict.inputs.opening import open_raster
from inference_backend.predict.inputs.read_errors import read_error
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.inputs.sources import parse_source

_ALIASES = {
    "red": ("red", "r", "rouge"),
    "green": ("green", "g", "vert", "verte"),
    "blue": ("blue", "b", "bleu", "bleue"),
    "nir": ("nir", "ir", "pir", "irc", "near infrared", "proche infrarouge", "infrared", "infrarouge"),
    "height": ("height", "elevation", "hauteur", "ndsm", "mnh", "dhm", "chm"),
}
_NEXT_BAND = r"(?<=:\d),|(?<=:\d\d),|(?<=:\d\d\d),"  # the address of a service holds commas of its own


@dataclass(frozen=True)
class BandSource:
    """One input band: `path` and 1-based `index`, or the constant `fill` where `path` is None.

    `path` is the raster as the user gave it: a file or an address, see `sources`.
    """

    name: str
    path: str | None = None
    index: int = 0
    fill: float = 0.0


@dataclass(frozen=True)
class BandChoice:
    """What the user said of the bands; empty means "by description".

    Attributes:
        bands: band name to (file or address, 1-based index).
        fill: band name to a constant that stands for a missing band.
    """

    bands: Mapping[str, tuple[str | Path, int]] = field(default_factory=dict)
    fill: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, bands: str = "", fill: str = "") -> BandChoice:
        """Read `red=ortho.tif:1,nir=irc.tif:1` and `height=0`.

        Raises:
            BadBandOptionError: malformed.
        """
        return cls(
            {name: _file_and_index(name, value) for name, value in _pairs("--bands", bands, _NEXT_BAND)},
            {name: _constant(name, value) for name, value in _pairs("--fill", fill, ",")},
        )


def find_bands(
    rasters: Sequence[str | Path], card: ModelCard, choice: BandChoice, policy: SourcePolicy = EVERYTHING
) -> tuple[BandSource, ...]:
    """A source for each band of the card, in its order.

    Raises:
        RefusedSourceError: a raster that `policy` forbids, or no raster at all.
        UnreadableRasterError: a file cannot be opened.
        RemoteRasterError: a server is absent or refuses.
        MissingBandsError: no raster holds a band, and no constant stands for it.
        BadBandOptionError: an explicit index that the file does not have.
    """
    chosen = {name: (str(path), index) for name, (path, index) in choice.bands.items()}
    known = _named_bands([*map(str, rasters), *(path for path, _ in chosen.values())], policy)
    for name, (path, index) in chosen.items():
        if not 1 <= index <= len(known[path]):
            limits = f"1..{len(known[path])}"
            raise BadBandOptionError(
                option="--bands", value=f"{name}={path}:{index}", expected_en=limits, expected_fr=limits
            )
    found = {name: BandSource(name, *place) for name, place in _by_name(known).items()}
    found.update({name: BandSource(name, path, index) for name, (path, index) in chosen.items()})
    for name, value in choice.fill.items():
        found.setdefault(name, BandSource(name, fill=value))
    missing = [band.name for band in card.bands if band.name not in found]
    if missing:
        # A truncated TIFF has often lost its descriptions first.
        for path in known:
            _require_last_pixel(path, policy)
        raise MissingBandsError(
            path=", ".join(parse_source(path).shown for path in known),
            missing=", ".join(missing),
            found=", ".join(sorted(_by_name(known))) or "-",
            example=missing[-1],
        )
    return tuple(found[band.name] for band in card.bands)


def _named_bands(rasters: Sequence[str], policy: SourcePolicy) -> dict[str, tuple[str, ...]]:
    """Raster to the names of its bands, in lower case, empty where nothing names one."""
    known: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(rasters):
        source = parse_source(path, policy)
        if source.kind == "wms":
            known[path] = PICTURE_BANDS
        else:
            with open_raster(source, policy) as raster:
                known[path] = band_names(raster)
    return known


PICTURE_BANDS = ("red", "green", "blue")
SERVICE_DRIVERS = ("WMS", "WMTS")


def band_names(raster: DatasetReader) -> tuple[str, ...]:
    """Names of a raster's bands, in lower case, empty where nothing names one.

    A WMS or WMTS sends pictures and describes no band: its channels are red, green, blue. A file's channels
    are not taken for that: those of an infrared-red-green image call themselves so as well.
    """
    texts = tuple((text or "").strip().casefold() for text in raster.descriptions)
    if raster.driver in SERVICE_DRIVERS and not any(texts):
        colours = {ColorInterp.red: "red", ColorInterp.green: "green", ColorInterp.blue: "blue"}
        return tuple(colours.get(colour, "") for colour in raster.colorinterp)
    return texts


def _require_last_pixel(path: str, policy: SourcePolicy) -> None:
    """Read what a truncated file has lost.

    Raises:
        UnreadableRasterError: it cannot be read.
    """
    source = parse_source(path, policy)
    if source.kind != "file":
        return
    with open_raster(source, policy) as raster:
        try:
            raster.read(window=Window(raster.width - 1, raster.height - 1, 1, 1))
        except RasterioError as error:
            raise read_error(source, error) from error


def standard_name(text: str) -> str:
    """The project's word for a band called `text` in lower case, which is kept where it is no known alias."""
    return next((name for name, words in _ALIASES.items() if text in words), text)


def _by_name(known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for path, texts in known.items():
        for index, text in enumerate(texts, start=1):
            if text:
                found.setdefault(standard_name(text), (path, index))
    return found


def _pairs(option: str, text: str, separator_pattern: str) -> list[tuple[str, str]]:
    pairs = []
    for part in filter(None, (piece.strip() for piece in re.split(separator_pattern, text))):
        name, separator, value = part.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise BadBandOptionError(
                option=option, value=part, expected_en="name=value", expected_fr="nom=valeur"
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def _file_and_index(name: str, value: str) -> tuple[str, int]:
    file, _, index = value.rpartition(":")
    if not file or not index.isdigit():
        raise BadBandOptionError(
            option="--bands",
            value=f"{name}={value}",
            expected_en="name=file:band, the band counted from 1",
            expected_fr="nom=fichier:bande, la bande comptée à partir de 1",
        )
    return file, int(index)


def _constant(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise BadBandOptionError(
            option="--fill", value=f"{name}={value}", expected_en="a number", expected_fr="un nombre"
        ) from error
