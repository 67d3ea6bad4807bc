# SPDX-License-Identifier: GPL-2.0-or-later
"""What each process takes, as JSON Schema; `ocsge run` reads its TOML file by the same rules.

`x-path` marks what names a file: those of a file of settings are relative to it, those sent over HTTP are
absolute. Its values: `read` and `write` a file, `raster` a file or the address of a raster, `band` the same
with the number of a band, `name` a file or the name of something that comes with the software. `x-address`
marks what names a server, `x-crs` a coordinate system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]


def _meaning(en: str, fr: str) -> Schema:
    return {"description": en, "x-meaning": {"en": en, "fr": fr}}


def _path(en: str, fr: str, kind: str = "read") -> Schema:
    return {"type": "string", "minLength": 1, "x-path": kind, **_meaning(en, fr)}


def _paths(en: str, fr: str, at_least: int, kind: str = "read") -> Schema:
    entry = {"type": "string", "minLength": 1, "x-path": kind}
    return {"type": "array", "minItems": at_least, "items": entry, **_meaning(en, fr)}


def _text(en: str, fr: str) -> Schema:
    return {"type": "string", **_meaning(en, fr)}


def _flag(en: str, fr: str) -> Schema:
    return {"type": "boolean", **_meaning(en, fr)}


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


RASTERS = _paths(
    "ortho-image, height, ...: files, http(s) addresses, WMS:, WMTS:",
    "ortho-image, hauteur, ... : fichiers, adresses http(s), WMS:, WMTS:",
    1,
    "raster",
)
MODEL = _path("ONNX file; the project's own by default", "fichier ONNX ; celui du projet par défaut")
ENGINE = {
    "type": "string",
    "x-address": "v2:",
    **_meaning(
        "inference engine, auto by default; v2:URL for a KServe V2 server",
        "moteur d'inférence, auto par défaut ; v2:URL pour un serveur KServe V2",
    ),
}
CRS = {
    "type": "string",
    "x-crs": True,
    **_meaning("coordinate system such as EPSG:2154", "système de coordonnées, par exemple EPSG:2154"),
}
RESAMPLE = _flag("bring rasters to the model's resolution", "ramener les rasters à la résolution du modèle")
AOI = _path("vector file of the area of interest", "fichier vectoriel de la zone d'intérêt")
OVERLAP_PX = {
    "type": "integer",
    "minimum": 0,
    "maximum": 4096,
    **_meaning(
        "margin of a tile on each side, px; the model card's by default",
        "marge d'une tuile de chaque côté, px ; celle de la fiche du modèle par défaut",
    ),
}
BLEND = _flag("mix the scores of neighbouring tiles", "mélanger les scores des tuiles voisines")
PROBABILITIES = _flag(
    "also write the probability of every class", "écrire aussi la probabilité de chaque classe"
)
SCHEDULER = {
    "type": "string",
    "x-address": "",
    **_meaning("Dask scheduler such as tcp://host:8786", "ordonnanceur Dask, par exemple tcp://hote:8786"),
}
RESTART = _flag(
    "start over, whatever an earlier run left", "tout reprendre, quoi qu'ait laissé un essai antérieur"
)
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
PROFILE = _path("profile name or folder", "nom ou dossier du profil", "name")
MILLESIME = {
    "type": ["string", "integer"],
    "minimum": 1900,
    "pattern": r"^(19|20)\d\d$",
    **_meaning("year of the ortho-image, four digits", "année de l'ortho-image, quatre chiffres"),
}
NAME = _text("name of the lot", "nom du lot")
CLASS_TABLE = _path(
    "class table, for a bare class raster", "table des classes, pour un raster de classes seul", "name"
)
PIXEL_M = {
    "type": "number",
    "exclusiveMinimum": 0,
    **_meaning(
        "pixel size in m, for a raster without georeference", "taille du pixel en m, sans géoréférence"
    ),
}
WORKERS = {
    "type": "integer",
    "minimum": 1,
    "maximum": 256,
    **_meaning(
        "blocks worked on at a time; the machine's cores by default",
        "blocs traités à la fois ; les cœurs de la machine par défaut",
    ),
}
BLOCK_PX = {
    "type": "integer",
    "minimum": 64,
    "maximum": 32768,
    **_meaning("side of a block, px", "côté d'un bloc, px"),
}

PREDICT = _object(
    {
        "rasters": RASTERS,
        "output": _path("prediction to write (.tif)", "prédiction à écrire (.tif)", "write"),
        "model": MODEL,
        "engine": ENGINE,
        "bands": BANDS,
        "fill": FILL,
        "resample": RESAMPLE,
        "crs": CRS,
        "aoi": AOI,
        "overlap_px": OVERLAP_PX,
        "blend": BLEND,
        "probabilities": PROBABILITIES,
        "scheduler": SCHEDULER,
        "restart": RESTART,
    },
    "rasters",
)
POSTPROCESS = _object(
    {
        "prediction": _path("prediction or class raster", "prédiction ou raster de classes"),
        "references": REFERENCES,
        "output": _path("lot to write (.gpkg)", "lot à écrire (.gpkg)", "write"),
        "profile": PROFILE,
        "millesime": MILLESIME,
        "name": NAME,
        "class_table": CLASS_TABLE,
        "crs": CRS,
        "pixel_m": PIXEL_M,
        "aoi": AOI,
        "workers": WORKERS,
        "scheduler": SCHEDULER,
        "block_px": BLOCK_PX,
        "restart": RESTART,
    },
    "prediction",
    "millesime",
)
IMPORT = _object(
    {
        "files": _paths(
            "OCS GE, change layer, CoSIA blocks or another land-cover layer",
            "OCS GE, couche de différences, dalles CoSIA ou autre couche d'occupation du sol",
            1,
        ),
        "output": _path("lot to write (.gpkg)", "lot à écrire (.gpkg)", "write"),
        "layer": _text("layer of the files", "couche des fichiers"),
        "cs_column": _text(
            "cover column, where it has no usual name", "colonne de couverture, si inhabituelle"
        ),
        "us_column": _text("use column, where it has no usual name", "colonne d'usage, si inhabituelle"),
        "id_column": _text(
            "identifier column, where it has no usual name", "colonne d'identifiant, si inhabituelle"
        ),
        "date": _text("date of a change layer, the last by default", "date d'une couche de différences"),
        "mapping": _path(
            "what the values of another nomenclature mean (JSON, TOML)",
            "ce que signifient les valeurs d'une autre nomenclature (JSON, TOML)",
        ),
        "default_cs": _text("cover where none is told", "couverture là où rien ne la dit"),
        "default_us": _text("use where none is told", "usage là où rien ne le dit"),
        "crs": CRS,
        "zone": _path("file with the zone construite", "fichier de la zone construite"),
        "millesime": MILLESIME,
        "name": NAME,
        "profile": PROFILE,
        "overlaps": {
            "type": "string",
            "pattern": r"^(small|large|first|last)$",
            **_meaning(
                "who keeps what several claim: small, large, first or last",
                "qui garde ce que plusieurs revendiquent : small, large, first ou last",
            ),
        },
        "fill_gaps_m2": {
            "type": "number",
            "minimum": 0,
            **_meaning("fill gaps up to this area, m2", "combler les trous jusqu'à cette surface, m2"),
        },
        "keep_slivers": _flag("leave slivers that the layer has", "laisser les languettes de la couche"),
        "partition": _flag(
            "whether the layer should cover its extent", "si la couche doit couvrir toute son emprise"
        ),
        "language": {
            "type": "string",
            "pattern": r"^(fr|en)$",
            **_meaning("language of the page: fr or en", "langue de la page : fr ou en"),
        },
    },
    "files",
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
IMAGERY_HEAD = "ROLE[:BANDS][@YEAR]"
CUT = _object(
    {
        "lot": _path("lot to cut; what was handed out is noted in it", "lot à découper", "write"),
        "output": _path("folder of the lots", "dossier des lots", "write"),
        "by": {
            "type": "string",
            "pattern": r"^(work|grid|commune|cells)$",
            **_meaning(
                "work, grid, commune or cells (of the skeleton)",
                "work (travail égal), grid (carrés), commune ou cells (mailles de l'ossature)",
            ),
        },
        "count": {"type": "integer", "minimum": 1, **_meaning("number of lots", "nombre de lots")},
        "side_m": {
            "type": "number",
            "exclusiveMinimum": 0,
            **_meaning("side of a square, m", "côté d'un carré, m"),
        },
        "hours": {
            "type": "number",
            "exclusiveMinimum": 0,
            **_meaning("expected work of a lot at most, h", "travail attendu d'un lot au plus, h"),
        },
        "communes": _path("limits of the communes", "limites des communes"),
        "commune_column": _text("their column of the INSEE code", "leur colonne du code INSEE"),
        "references": _paths("reference vectors to clip", "vecteurs de référence à découper", 0),
        "imagery": {
            "type": "object",
            "additionalProperties": {"type": "string", "x-path": "read"},
            **_meaning(
                f"{IMAGERY_HEAD} to the image to clip beside each lot",
                f"{IMAGERY_HEAD} vers l'image à découper à côté de chaque lot",
            ),
        },
        "imagery_link": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            **_meaning(
                f"{IMAGERY_HEAD} to an image or map service to point to",
                f"{IMAGERY_HEAD} vers une image ou un service de cartes à lier",
            ),
        },
    },
    "lot",
)
MERGE = _object(
    {
        "parent": _path("the lot they were cut from; changed", "le lot d'origine ; modifié", "write"),
        "lots": _paths("delivered lots", "lots livrés", 1),
        "conflicts": _path(
            "folder of what could not be merged", "dossier de ce qui n'a pas pu être fusionné", "write"
        ),
    },
    "parent",
    "lots",
)
RUN = _object(
    {
        "rasters": RASTERS,
        "output": _path("folder of the results", "dossier des résultats", "write"),
        "millesime": MILLESIME,
        "name": NAME,
        "profile": PROFILE,
        "model": MODEL,
        "engine": ENGINE,
        "bands": BANDS,
        "fill": FILL,
        "resample": RESAMPLE,
        "crs": CRS,
        "aoi": AOI,
        "overlap_px": OVERLAP_PX,
        "blend": BLEND,
        "probabilities": PROBABILITIES,
        "scheduler": SCHEDULER,
        "references": REFERENCES,
        "check": {
            "type": "boolean",
            **_meaning("check the result, true by default", "contrôler le résultat, true par défaut"),
        },
    },
    "rasters",
    "millesime",
)
RUN_FILE = {**RUN, "required": ["rasters", "output", "millesime"]}
"""What the file of `ocsge run` must say; a job over HTTP may leave the output to the service."""


def map_paths(value: Any, schema: Schema, change: Callable[[str, str, str], str], key: str = "") -> Any:
    """A copy of a checked value with everything that names a file, a server or a CRS changed.

    Args:
        value: see `schema.check`.
        schema: its schema.
        change: gets the text, the input's name and the kind: a value of `x-path`, `address` or `crs`.
        key: name of the input that `value` belongs to.
    """
    kind = _kind(schema)
    if kind == "band":
        file, _, index = value.rpartition(":")
        return f"{change(file, key, 'raster')}:{index}"
    if kind:
        return change(value, key, kind)
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        others = others if isinstance(others, dict) else {}
        return {
            name: map_paths(v, properties.get(name, others), change, key or name) for name, v in value.items()
        }
    if isinstance(value, list):
        return [map_paths(entry, schema.get("items", {}), change, key) for entry in value]
    return value


def _kind(schema: Schema) -> str:
    if "x-address" in schema:
        return "address"
    return "crs" if "x-crs" in schema else str(schema.get("x-path", ""))
