# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that decides the pixels of a prediction, so that a restart goes on only with the same work."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rasterio.crs import CRS

from inference_backend import __version__
from inference_backend.predict.blocks.block_work import BlockWork
from inference_backend.predict.inputs.band_sources import BandSource
from inference_backend.predict.inputs.opening import open_raster
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import Source, parse_source
from inference_backend.work.file_state import file_state

_ENGINE_LIBRARIES = ("onnxruntime", "openvino")
_NOT_PIXELS = ("scheduler", "restart", "engine", "policy", "probabilities", "choice", "aoi")
_HEAD_TIMEOUT_S = 10
_VALIDATORS = ("ETag", "Last-Modified", "Content-Length")


class EngineName(Protocol):
    """What of an engine decides pixels."""

    @property
    def name(self) -> str:
        """As it is asked for."""

    @property
    def precision(self) -> str:
        """Arithmetic of the network."""


def work_identity(work: BlockWork, bands: Sequence[BandSource], engine: EngineName) -> dict[str, Any]:
    """JSON values by topic; results differ between engines and precisions, so these count too.

    Args:
        work: what is computed.
        bands: where each band of the model comes from.
        engine: that computes it.
    """
    options = {key: value for key, value in asdict(work.options).items() if key not in _NOT_PIXELS}
    sources = {band.path: None for band in bands if band.path is not None}
    area = work.options.aoi
    return {
        "software": {"ocsge": __version__, "numpy": np.__version__, **_versions()},
        "engine": [engine.name, engine.precision, work.options.engine],
        "model": _digest(work.model),
        "rasters": [_raster_state(path, work.options.policy) for path in sources],
        "bands": [[band.name, band.path, band.index, band.fill] for band in bands],
        "area": None if area is None else [*file_state(Path(str(area).partition("|")[0])), str(area)],
        "options": options,
        "grid": [*work.grid.shape, *tuple(work.grid.transform)[:6], _crs_text(work.grid.crs)],
        "lattice": asdict(work.lattice),
        "products": list(work.products),
    }


@cache
def _versions() -> dict[str, str]:
    found = {}
    for name in _ENGINE_LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def _digest(model: Path) -> str:
    """SHA-256 of the model and of what lies beside it under its name: weights, card."""
    digest = hashlib.sha256()
    for path in sorted({model, *model.parent.glob(f"{model.stem}.*")}):
        if path.is_file():
            digest.update(path.name.encode())
            with path.open("rb") as file:
                while chunk := file.read(2**20):
                    digest.update(chunk)
    return digest.hexdigest()


def _raster_state(given: str, policy: SourcePolicy) -> list[Any]:
    """Name and state of a raster and, for a VRT, of the files it refers to."""
    source = parse_source(given, policy)
    if source.kind == "url":
        return [source.shown, _server_state(source)]
    if source.kind != "file":
        return [source.shown]
    with open_raster(source, policy) as raster:
        files = sorted({str(source.file), *raster.files})
    return [file_state(Path(name)) for name in files]


def _server_state(source: Source) -> list[str | None]:
    """What a server says of a file's version; nothing where it does not answer."""
    request = urllib.request.Request(source.given, method="HEAD")
    try:
        # http(s) alone: `parse_source` gave no other kind of address.
        with urllib.request.urlopen(request, timeout=_HEAD_TIMEOUT_S) as answer:  # nosec B310
            return [answer.headers.get(name) for name in _VALIDATORS]
    except (OSError, ValueError, urllib.error.URLError):
        return [None]


def _crs_text(crs: CRS | None) -> str:
    return "" if crs is None else str(crs.to_wkt())
