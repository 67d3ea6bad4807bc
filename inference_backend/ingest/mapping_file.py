# SPDX-License-Identifier: GPL-2.0-or-later
"""A mapping file: how the columns and values of any land-cover layer become codes of OCS GE."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from inference_backend.ingest.errors import BadMappingError

_COLUMNS = ("cs", "us", "id", "millesime")
_KEYS = (*_COLUMNS, "layer", "values", "uses")


@dataclass(frozen=True)
class MappedValue:
    """What one value of the cover column means.

    Attributes:
        cs: cover code, None where the value tells none.
        us: use code, None where the value tells none.
        skip: leave such polygons out.
    """

    cs: str | None
    us: str | None = None
    skip: bool = False


@dataclass(frozen=True)
class Mapping:
    """A mapping file.

    Attributes:
        path: the file.
        columns: role to column name.
        layer: layer to read, empty for the only one.
        values: values of the cover column.
        uses: values of the use column to use codes.
    """

    path: Path
    columns: dict[str, str]
    layer: str = ""
    values: dict[str, MappedValue] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path, nomenclature: Nomenclature) -> Mapping:
    """Read a `.json` or `.toml` file.

    Raises:
        BadMappingError: unreadable, an unknown key, a value of another kind, or an unknown code.
    """
    raw = _read(path)
    for key in raw:
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise _bad(path, f"unknown key “{key}” (known: {known})", f"clé « {key} » inconnue ({known})")
    for key in (*_COLUMNS, "layer"):
        if not isinstance(raw.get(key, ""), str):
            raise _bad(path, f"“{key}” must be a text", f"« {key} » doit être un texte")
    if not raw.get("cs"):
        raise _bad(path, "“cs”, the cover column, is missing", "« cs », la colonne de couverture, manque")
    for key in ("values", "uses"):
        if not isinstance(raw.get(key, {}), dict):
            raise _bad(path, f"“{key}” must be a table", f"« {key} » doit être une table")
    return Mapping(
        path,
        {role: raw[role] for role in _COLUMNS if raw.get(role)},
        raw.get("layer", ""),
        {str(k): _value(path, k, v, nomenclature) for k, v in raw.get("values", {}).items()},
        {str(k): _code(path, k, v, "us", nomenclature) for k, v in raw.get("uses", {}).items()},
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        raise _bad(path, str(error), str(error)) from error
    if not isinstance(raw, dict):
        raise _bad(path, "it must be an object", "il faut un objet")
    return raw


def _value(path: Path, key: str, value: Any, nomenclature: Nomenclature) -> MappedValue:
    """A code alone, null, or an object with `cs`, `us`, `skip`."""
    if value is None:
        return MappedValue(None)
    if isinstance(value, str):
        return MappedValue(_code(path, key, value, "cs", nomenclature))
    if not isinstance(value, dict) or set(value) - {"cs", "us", "skip"}:
        raise _bad(path, f"the value “{key}” must be a code or hold cs, us, skip",
            f"la valeur « {key} » doit être un code, ou contenir cs, us, skip")  # fmt: skip
    cover, use = value.get("cs"), value.get("us")
    return MappedValue(
        None if cover is None else _code(path, key, cover, "cs", nomenclature),
        None if use is None else _code(path, key, use, "us", nomenclature),
        bool(value.get("skip", False)),
    )


def _code(path: Path, key: str, value: Any, dimension: Dimension, nomenclature: Nomenclature) -> str:
    text = str(value)
    leaf = nomenclature.truncate(text)
    known = text if text in nomenclature else leaf
    if known is None or nomenclature[known].dimension != dimension:
        kind = {"cs": ("cover", "couverture"), "us": ("use", "usage")}[dimension]
        raise _bad(path, f"the value “{key}” names the unknown {kind[0]} code {text}",
            f"la valeur « {key} » cite le code de {kind[1]} inconnu {text}")  # fmt: skip
    return text


def _bad(path: Path, en: str, fr: str) -> BadMappingError:
    return BadMappingError(path=path, reason_en=en, reason_fr=fr)
