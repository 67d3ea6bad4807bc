# SPDX-License-Identifier: GPL-2.0-or-later
"""A STAC item with the extension MLM (v1.5), read into a draft; for a model elsewhere, into graph facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from inference_backend.contracts.prediction import MAX_CLASSES
from inference_backend.models.draft import Draft, overlap_of
from inference_backend.models.errors import BadSidecarError
from inference_backend.models.graph import GraphFacts, OutputFacts
from inference_backend.models.shapes import Shape
from inference_backend.models.value_scaling import bands_from_scaling

_TASKS = {"segmentation", "semantic-segmentation"}
_COMMON_NAMES = {"nir08": "nir", "infrared": "nir", "elevation": "height", "ndsm": "height", "chm": "height"}
_UNUSED = "undefined"
_MALFORMED = (ArithmeticError, AttributeError, KeyError, IndexError, TypeError, ValueError)
_SAFE_RESIZE = (None, "crop", "pad")
_CARD_KEYS = {
    "overlap_px": int,
    "min_confidence": float,
    "output_kind": str,
    "any_size": bool,
    "scores": dict,
}


def is_stac_mlm(document: dict[str, Any]) -> bool:
    """Whether a JSON object is a STAC item that describes a model."""
    properties = document.get("properties")
    return document.get("type") == "Feature" and isinstance(properties, dict) and "mlm:input" in properties


def draft_from_stac(path: Path, document: dict[str, Any]) -> Draft:
    """What the item says.

    Raises:
        BadSidecarError: a value is missing, malformed, or asks for something that cannot be done.
    """
    with refuse_malformed(path):
        return _draft(path, document)


def graph_from_stac(path: Path, document: dict[str, Any]) -> GraphFacts:
    """What the item says of a network that is not here.

    Raises:
        BadSidecarError: a value is missing or malformed.
    """
    with refuse_malformed(path):
        properties = document["properties"]
        image = _only_input(path, properties)
        batch, channels, height, width = _sizes(image["input"]["shape"])
        outputs = tuple(_output(entry) for entry in properties["mlm:output"])
        if not outputs:
            raise ValueError("mlm:output is empty")
        dtype = str(image["input"]["data_type"])
        return GraphFacts(str(image["name"]), channels, (height, width), outputs, {}, dtype, batch)


def file_size_of(path: Path, document: dict[str, Any]) -> int | None:
    """`file:size` of the model's asset.

    Raises:
        BadSidecarError: malformed.
    """
    with refuse_malformed(path):
        for asset in (document.get("assets") or {}).values():
            if "mlm:model" in asset.get("roles", ()) and "file:size" in asset:
                return int(asset["file:size"])
    return None


@contextmanager
def refuse_malformed(path: Path) -> Iterator[None]:
    """A description of another structure than expected is a bad description, whatever Python says of it."""
    try:
        yield
    except _MALFORMED as error:
        what = f"{type(error).__name__} {error}"
        raise BadSidecarError(path=path, reason_en=what, reason_fr=what) from error


def _sizes(shape: list[int]) -> Shape:
    return tuple(size if size > 0 else None for size in map(int, shape))


def _output(entry: dict[str, Any]) -> OutputFacts:
    result = entry["result"]
    return OutputFacts(str(entry["name"]), str(result["data_type"]), _sizes(result["shape"]), "", None)


def _draft(path: Path, document: dict[str, Any]) -> Draft:
    properties = document["properties"]
    tasks = set(properties.get("mlm:tasks") or ())
    if not tasks & _TASKS:
        _refuse(path, f"mlm:tasks is {sorted(tasks)}", f"mlm:tasks vaut {sorted(tasks)}")
    image = _only_input(path, properties)
    hyper = properties.get("mlm:hyperparameters") or {}
    own = {key: kind(hyper[key]) for key, kind in _CARD_KEYS.items() if hyper.get(key) is not None}
    names = _band_names(path, properties, image, document)
    outputs = properties["mlm:output"]
    kind = own.get("output_kind") or _kind_of_results(outputs)
    tile = image["input"]["shape"][-1]
    tile_px = hyper.get("tile_px") or (tile if tile > 0 else None)
    overlap_px = own.get("overlap_px")
    if overlap_px is None and tile_px and "tiles_overlap" in hyper:
        overlap_px = overlap_of(int(tile_px), float(hyper["tiles_overlap"]))
    return {
        "name": str(properties.get("mlm:name") or path.stem),
        "version": str(properties.get("version") or "") or None,
        "bands": bands_from_scaling(path, names, image.get("value_scaling")),
        "resolution_m": _resolution_m(document),
        "tile_px": tile_px and int(tile_px),
        "overlap_px": overlap_px,
        "classes": tuple(name for entry in outputs for name in _classes(entry, kind)) or None,
        "output": kind,
        "min_confidence": own.get("min_confidence", float(hyper.get("seg_thresh") or 0)),
        "description": properties.get("description"),
        "scores": own.get("scores"),
        "licence": properties.get("license"),
        "output_tensors": tuple(str(entry["name"]) for entry in outputs),
        "any_size": own.get("any_size"),
    }


def _only_input(path: Path, properties: dict[str, Any]) -> dict[str, Any]:
    inputs = properties.get("mlm:input")
    if not isinstance(inputs, list) or len(inputs) != 1:
        count = len(inputs) if isinstance(inputs, list) else 0
        _refuse(
            path,
            f"the model takes {count} inputs, not one image",
            f"le modèle prend {count} entrées et non une image",
        )
    image: dict[str, Any] = inputs[0]
    for key in ("pre_processing_function",):
        if image.get(key):
            _refuse(
                path,
                f"{key} {image[key]} cannot be computed here; put it into the network",
                f"{key} {image[key]} n'est pas calculable ici ; intégrez-le au réseau",
            )
    if image.get("resize_type") not in _SAFE_RESIZE:
        kind = image["resize_type"]
        _refuse(
            path,
            f"resize_type {kind}: tiles are read at the model's resolution, not resized",
            f"resize_type {kind} : les tuiles sont lues à la résolution du modèle, pas redimensionnées",
        )
    return image


def _band_names(
    path: Path, properties: dict[str, Any], image: dict[str, Any], document: dict[str, Any]
) -> list[str]:
    common = {band.get("name"): band for band in _described_bands(document)}
    names = []
    for band in image.get("bands") or ():
        if isinstance(band, dict) and band.get("expression"):
            _refuse(
                path,
                f"band {band['name']} is computed by an expression",
                f"la bande {band['name']} est calculée par une expression",
            )
        name = str(band["name"] if isinstance(band, dict) else band)
        described = common.get(name, {})
        usual = described.get("eo:common_name") or described.get("common_name") or name.lower()
        names.append(_COMMON_NAMES.get(usual, usual))
    if not names:
        _refuse(path, "mlm:input names no bands", "mlm:input ne nomme pas de bandes")
    return names


def _described_bands(document: dict[str, Any]) -> list[dict[str, Any]]:
    places = (document.get("properties") or {}, *(document.get("assets") or {}).values())
    return [
        band
        for place in places
        if isinstance(place, dict)
        for key in ("bands", "eo:bands", "raster:bands")
        for band in place.get(key) or ()
        if isinstance(band, dict)
    ]


def _resolution_m(document: dict[str, Any]) -> float | None:
    """Ground size of a pixel: of the bands, else of the item; None where nothing is said."""
    for band in _described_bands(document):
        for key in ("gsd", "raster:spatial_resolution", "spatial_resolution"):
            if band.get(key):
                return float(band[key])
    gsd = (document.get("properties") or {}).get("gsd")
    return float(gsd) if gsd else None


def _kind_of_results(outputs: list[dict[str, Any]]) -> str | None:
    types = {str(entry["result"]["data_type"]) for entry in outputs}
    return "argmax" if all(kind.startswith(("int", "uint")) for kind in types) else None


def _classes(entry: dict[str, Any], kind: str | None) -> list[str]:
    """Names by channel; by value where the output holds values, which need not start at 0."""
    rows = {int(row["value"]): row for row in entry.get("classification:classes") or ()}
    if not all(0 <= value <= MAX_CLASSES for value in rows):
        raise ValueError(f"classes are numbered 0 to {MAX_CLASSES}, not {min(rows)} to {max(rows)}")
    values = range(max(rows, default=-1) + 1) if kind == "argmax" else sorted(rows)
    return [_title(rows[value]) if value in rows else _UNUSED for value in values]


def _title(row: dict[str, Any]) -> str:
    # A name may hold no space: an underscore stands for it.
    return str(row.get("title") or str(row["name"]).replace("_", " "))


def _refuse(path: Path, reason_en: str, reason_fr: str) -> NoReturn:
    raise BadSidecarError(path=path, reason_en=reason_en, reason_fr=reason_fr)
