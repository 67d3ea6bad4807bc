# SPDX-License-Identifier: GPL-2.0-or-later
"""What each process takes, as JSON Schema; `ocsge run` reads its TOML file by the same rules.

`x-path` marks paths: those of a file of settings are relative to it, those sent over HTTP are absolute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]


def _meaning(en: str, fr: str) -> Schema:
    return {"description": en, "x-meaning": {"en": en, "fr": fr}}


def _path(en: str, fr: str) -> Schema:
    return {"type": "string", "minLength": 1, "x-path": True, **_meaning(en, fr)}


def _paths(en: str, fr: str, at_least: int) -> Schema:
    entry = {"type": "string", "minLength": 1, "x-path": True}
    return {"type": "array", "minItems": at_least, "items": entry, **_meaning(en, fr)}


def _text(en: str, fr: str) -> Schema:
    return {"type": "string", **_meaning(en, fr)}


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


RASTERS = _paths("ortho-image, height, ...", "ortho-image, hauteur, ...", 1)
MODEL = _path("ONNX file; the project's own by default", "fichier ONNX ; celui du projet par défaut")
ENGINE = _text("inference engine, auto by default", "moteur d'inférence, auto par défaut")
CRS = _text("coordinate system such as EPSG:2154", "système de coordonnées, par exemple EPSG:2154")
RESAMPLE = {
    "type": "boolean",
    **_meaning("bring rasters to the model's resolution", "ramener les rasters à la résolution du modèle"),
}
BANDS = {
    "type": "object",
    "additionalProperties": {
        "type": "string",
        "pattern": r".+:[1-9]\d*$",
        "x-path": "band",
        **_meaning("file:band, counted from 1", "fichier:bande, comptée à partir de 1"),
    },
    **_meaning(
        "band name to file:band, where descriptions do not tell",
        "nom de bande vers fichier:bande, si les descriptions ne le disent pas",
    ),
}
FILL = {
    "type": "object",
    "additionalProperties": {"type": "number"},
    **_meaning("constant for a missing band", "constante pour une bande absente"),
}
REFERENCES = _paths("BD TOPO, RPG, BD Forêt, ...", "BD TOPO, RPG, BD Forêt, ...", 0)
PROFILE = _text("profile name or folder", "nom ou dossier du profil")
MILLESIME = {
    "type": ["string", "integer"],
    "minimum": 1900,
    "pattern": r"^(19|20)\d\d$",
    **_meaning("year of the ortho-image, four digits", "année de l'ortho-image, quatre chiffres"),
}
NAME = _text("name of the lot", "nom du lot")
CLASS_TABLE = _text(
    "class table, for a bare class raster", "table des classes, pour un raster de classes seul"
)
PIXEL_M = {
    "type": "number",
    "exclusiveMinimum": 0,
    **_meaning(
        "pixel size in m, for a raster without georeference", "taille du pixel en m, sans géoréférence"
    ),
}

PREDICT = _object(
    {
        "rasters": RASTERS,
        "output": _path("prediction to write (.tif)", "prédiction à écrire (.tif)"),
        "model": MODEL,
        "engine": ENGINE,
        "bands": BANDS,
        "fill": FILL,
        "resample": RESAMPLE,
        "crs": CRS,
    },
    "rasters",
    "output",
)
POSTPROCESS = _object(
    {
        "prediction": _path("prediction or class raster", "prédiction ou raster de classes"),
        "references": REFERENCES,
        "output": _path("lot to write (.gpkg)", "lot à écrire (.gpkg)"),
        "profile": PROFILE,
        "millesime": MILLESIME,
        "name": NAME,
        "class_table": CLASS_TABLE,
        "crs": CRS,
        "pixel_m": PIXEL_M,
    },
    "prediction",
    "output",
    "millesime",
)
CHECK = _object(
    {
        "path": _path("OCS GE file to check", "fichier OCS GE à contrôler"),
        "layer": _text("layer of that file", "couche de ce fichier"),
        "profile": PROFILE,
        "cs_column": _text(
            "cover column, where it has no usual name", "colonne de couverture, si inhabituelle"
        ),
        "us_column": _text("use column, where it has no usual name", "colonne d'usage, si inhabituelle"),
        "zone": _path("file with the zone construite", "fichier de la zone construite"),
        "partial": {
            "type": "boolean",
            **_meaning("a change layer, no partition", "couche de différences, pas une partition"),
        },
    },
    "path",
)
RUN = _object(
    {
        "rasters": RASTERS,
        "output": _path("folder of the results", "dossier des résultats"),
        "millesime": MILLESIME,
        "name": NAME,
        "profile": PROFILE,
        "model": MODEL,
        "engine": ENGINE,
        "bands": BANDS,
        "fill": FILL,
        "resample": RESAMPLE,
        "crs": CRS,
        "references": REFERENCES,
        "check": {
            "type": "boolean",
            **_meaning("check the result, true by default", "contrôler le résultat, true par défaut"),
        },
    },
    "rasters",
    "output",
    "millesime",
)


def map_paths(value: Any, schema: Schema, change: Callable[[str, str], str], key: str = "") -> Any:
    """A copy of a checked value with every path replaced by `change(path, key)`."""
    kind = schema.get("x-path")
    if kind == "band":
        file, _, index = value.rpartition(":")
        return f"{change(file, key)}:{index}"
    if kind:
        return change(value, key)
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        others = others if isinstance(others, dict) else {}
        return {name: map_paths(v, properties.get(name, others), change, name) for name, v in value.items()}
    if isinstance(value, list):
        return [map_paths(entry, schema.get("items", {}), change, key) for entry in value]
    return value
