# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference layers in memory, and how a layer of a file is recognised whatever its spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

OBJECTS = NDArray[np.object_]


@dataclass(frozen=True)
class Notice:
    """Something the reader of a result must know about an input, in both languages."""

    path: Path
    layer: str
    english: str
    french: str

    def text(self, language: str = "en") -> str:
        """`file, layer: message` in `language`."""
        if language.startswith("fr"):
            return f"{self.path}, couche {self.layer} : {self.french}"
        return f"{self.path}, layer {self.layer}: {self.english}"


@dataclass(frozen=True)
class ReferenceLayer:
    """Objects of one kind, from one or several files.

    Attributes:
        role: the profile's name of the kind, for instance `batiment`.
        source: name of the database, for the column SOURCE.
        geometry: (n,) single shapely Polygons or LineStrings, valid, 2D, in the grid's CRS, clipped.
        attributes: canonical attribute name to (n,) texts, None where null; only those that exist.
    """

    role: str
    source: str
    geometry: OBJECTS
    attributes: dict[str, OBJECTS]

    def __len__(self) -> int:
        return len(self.geometry)

    def take(self, index: NDArray[Any]) -> ReferenceLayer:
        """The objects of `index` (positions or mask)."""
        attributes = {name: values[index] for name, values in self.attributes.items()}
        return ReferenceLayer(self.role, self.source, self.geometry[index], attributes)

    def text(self, attribute: str, missing: str = "") -> OBJECTS:
        """(n,) texts of `attribute`; `missing` where it is null or does not exist."""
        values = self.attributes.get(attribute)
        if values is None:
            return np.full(len(self), missing, dtype=object)
        return np.array([missing if v is None else v for v in values], dtype=object)

    def numbers(self, attribute: str) -> NDArray[np.float64]:
        """(n,) numbers of `attribute`; NaN where it is null, no number, or does not exist."""
        return np.array([_number(value) for value in self.text(attribute)], dtype=np.float64)


@dataclass(frozen=True)
class References:
    """Every reference layer that was read, by role, and what its reading brought up."""

    layers: dict[str, ReferenceLayer]
    notices: tuple[Notice, ...] = ()

    def get(self, role: str) -> ReferenceLayer | None:
        """The layer of `role`, None where no file has one or it is empty here."""
        layer = self.layers.get(role)
        return layer if layer is not None and len(layer) else None


def normalise(text: object) -> str:
    """`Élevage`, `elevage` and `ÉLEVAGE ` are one value."""
    decomposed = unicodedata.normalize("NFKD", str(text).strip().casefold().replace("’", "'"))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


def recognise(layer: str, fields: Sequence[str], table: dict[str, Any]) -> str | None:
    """Role of a file's layer, by its name, else by the attributes that sign a role.

    Args:
        layer: name in the file; what precedes a colon (a WFS prefix) is ignored.
        fields: its attributes.
        table: `references.layers` of the profile.
    """
    wanted = normalise(layer.rsplit(":", 1)[-1])
    for role, entry in table.items():
        if wanted in entry["names"]:
            return role
    lower = {name.lower() for name in fields}
    for role, entry in table.items():
        signature = entry.get("signature")
        if signature and lower.issuperset(signature):
            return role
    return None


def concatenate(parts: Sequence[ReferenceLayer]) -> ReferenceLayer:
    """Layers of one role as one; an attribute that a part lacks is null there."""
    names = sorted({name for part in parts for name in part.attributes})
    attributes = {
        name: np.concatenate([p.attributes.get(name, np.full(len(p), None, dtype=object)) for p in parts])
        for name in names
    }
    geometry = np.concatenate([part.geometry for part in parts])
    return ReferenceLayer(parts[0].role, parts[0].source, geometry, attributes)


def once(layer: ReferenceLayer) -> ReferenceLayer:
    """Without the objects that came before: same identifier, same place to a metre.

    Files of neighbouring départements share objects, and some deliveries hold one layer in two formats.
    """
    place = np.round(shapely.bounds(layer.geometry)).astype(np.int64)
    names = layer.text("id").astype(str)
    _, first = np.unique(np.rec.fromarrays([names, *place.T]), return_index=True)
    nameless = np.flatnonzero(names == "")
    return layer.take(np.union1d(first, nameless))


def _number(value: object) -> float:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return float("nan")
