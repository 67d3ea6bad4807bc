# SPDX-License-Identifier: GPL-2.0-or-later
"""From the standard's input values (in line, qualified, by reference, a bounding box) to plain ones.

What comes out is checked by the process's schema like the settings of `ocsge run`. Nothing is fetched: a
reference leads to a file sent here, to the result of a job, to a local file, or is passed on as the address
of a raster.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from inference_backend.service.process_types import Process
from inference_backend.service.web.api_errors import BadParameterError

MOST_REFERRED_BYTES = 2**20
_SUFFIX = {
    "image/tiff": ".tif",
    "application/geopackage+sqlite3": ".gpkg",
    "application/geo+json": ".geojson",
}
_EPSG = re.compile(r"(?:http://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|EPSG:|urn:ogc:def:crs:EPSG:.*:)(\d+)$")
_CRS84 = re.compile(r"(OGC:CRS84|http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84)$")


@dataclass(frozen=True)
class Resolver:
    """Turns the values of one request into plain ones.

    Attributes:
        process: whose inputs they are.
        own_file: path of a file of this service by the path of its address; None where there is none.
        base_url: address of this service.
        folder: of the job, for what was sent in line.
    """

    process: Process
    own_file: Callable[[str], Path | None]
    base_url: str
    folder: Path

    def plain(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Plain inputs; unknown ones stay as they are, for the check to name them.

        Raises:
            BadParameterError: a value that has no plain form.
        """
        properties = self.process.inputs["properties"]
        return {name: self._input(name, value, properties.get(name, {})) for name, value in inputs.items()}

    def _input(self, name: str, value: Any, schema: dict[str, Any]) -> Any:
        if schema.get("type") == "array":
            entries = value if isinstance(value, list) else [value]
            return [self._value(name, entry, schema["items"]) for entry in entries]
        value = self._value(name, value, schema)
        if schema.get("type") == "object" and isinstance(value, dict):
            entry = schema.get("additionalProperties")
            is_band = isinstance(entry, dict) and bool(entry.get("x-path"))
            return {key: self._band(v) if is_band else v for key, v in value.items()}
        return value

    def _value(self, name: str, value: Any, schema: dict[str, Any]) -> Any:
        is_path = schema.get("x-path") in ("read", "raster", "name")
        if isinstance(value, dict):
            if isinstance(value.get("href"), str):
                return self._referred(name, value["href"], schema, is_path)
            if "value" in value and set(value) <= {"value", "mediaType", "encoding", "schema", "format"}:
                return self._qualified(name, value, is_path)
            if "bbox" in value and is_path:
                return self._box(name, value)
        return self._text(value) if is_path and isinstance(value, str) else value

    def _text(self, value: Any) -> Any:
        own = self._own_path(value) if isinstance(value, str) else None
        return str(own) if own else value

    def _band(self, value: Any) -> Any:
        """`ADDRESS:3` of a file sent here as `PATH:3`."""
        file, colon, number = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        own = self._own_path(file) if colon else None
        return f"{own}:{number}" if own else value

    def _own_path(self, href: str) -> Path | None:
        for prefix in (self.base_url + "/", "/files/", "/jobs/"):
            if href.startswith(prefix):
                return self.own_file(unquote(urlsplit(href).path))
        return None

    def _referred(self, name: str, href: str, schema: dict[str, Any], is_path: bool) -> Any:
        own = self._own_path(href)
        if own is None and href.startswith(self.base_url + "/"):
            raise _bad(name, "the address of a file sent here", "l'adresse d'un fichier envoyé ici")
        if own is not None and not is_path and own.is_relative_to(self.folder.parent.parent):
            return _json_of(name, own)
        scheme = urlsplit(href).scheme.lower()
        if own is None and scheme == "file":  # a path, checked as such; its content is read by no request
            own = Path(url2pathname(urlsplit(href).path))
        if is_path and own is not None:
            return str(own)
        if schema.get("x-path") == "raster" and scheme in ("http", "https"):
            return href
        raise _bad(
            name,
            "a reference to a file sent here (PUT /files/NAME), or to a raster",
            "une référence à un fichier envoyé ici (PUT /files/NOM), ou à un raster",
        )

    def _qualified(self, name: str, value: dict[str, Any], is_path: bool) -> Any:
        content = value["value"]
        if is_path and value.get("encoding") == "base64":
            return str(self._keep(name, _bytes_of(name, content), str(value.get("mediaType", ""))))
        if is_path and isinstance(content, dict) and "bbox" in content:
            return self._box(name, content)
        if is_path and isinstance(content, dict):  # GeoJSON
            return str(self._keep(name, json.dumps(content).encode(), "application/geo+json"))
        return self._text(content) if is_path else content

    def _keep(self, name: str, content: bytes, media_type: str) -> Path:
        suffix = _SUFFIX.get(media_type.split(";")[0].strip().lower(), "")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = len(list(self.folder.glob("input-*")))
        path = self.folder / f"input-{number}-{name}{suffix}"
        path.write_bytes(content)
        return path

    def _box(self, name: str, value: dict[str, Any]) -> str:
        box = value.get("bbox")
        if (
            not isinstance(box, list)
            or len(box) not in (4, 6)
            or not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in box)
        ):
            raise _bad(name, "four numbers in bbox", "quatre nombres dans bbox")
        half = len(box) // 2
        xmin, ymin, xmax, ymax = box[0], box[1], box[half], box[half + 1]
        if not (xmin < xmax and ymin < ymax):
            raise _bad(name, "xmin < xmax and ymin < ymax", "xmin < xmax et ymin < ymax")
        ring = [[xmin, ymin], [xmax, ymin], [xmax, ymax], [xmin, ymax], [xmin, ymin]]
        feature = {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        crs = {"type": "name", "properties": {"name": self._crs_name(name, value.get("crs", "OGC:CRS84"))}}
        document = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        return str(self._keep(name, json.dumps(document).encode(), "application/geo+json"))

    @staticmethod
    def _crs_name(name: str, crs: Any) -> str:
        text = crs if isinstance(crs, str) else ""
        if found := _EPSG.match(text):
            return f"urn:ogc:def:crs:EPSG::{found[1]}"
        if _CRS84.match(text):
            return "urn:ogc:def:crs:OGC:1.3:CRS84"
        raise _bad(name, "a crs such as EPSG:2154", "un crs tel que EPSG:2154")


def _json_of(name: str, path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_REFERRED_BYTES:
            raise _bad(name, "a smaller value", "une valeur plus petite")
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(name, "a file that holds JSON", "un fichier qui contient du JSON") from error


def _bytes_of(name: str, content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise _bad(name, "base64", "du base64") from error


def _bad(name: str, expected_en: str, expected_fr: str) -> BadParameterError:
    return BadParameterError(name=name, expected_en=expected_en, expected_fr=expected_fr)
