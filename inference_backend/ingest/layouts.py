# SPDX-License-Identifier: GPL-2.0-or-later
"""What a layer is, told from the names of its columns, in either case and in the forms met in practice."""

from __future__ import annotations

import re
from collections.abc import Mapping as ColumnNames
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inference_backend.ingest.errors import NoColumnError, NoCoverError, NoDateError, NoLayerError
from inference_backend.ingest.mapping_file import Mapping
from inference_backend.ingest.types import Kind

LAYER_NAMES = ("occupation_sol", "occupation_du_sol")
ROLES: dict[str, tuple[str, ...]] = {
    "cs": ("code_cs", "couverture", "couvertur", "cs"),
    "us": ("code_us", "usage", "us"),
    "id": ("id", "id_ocs", "cleabs"),
    "millesime": ("millesime", "annee"),
    "source": ("source",),
    "ossature": ("ossature",),
    "id_origine": ("id_origine", "id_origin"),
    "code_or": ("code_or",),
}
"""Role to column names, best first; older products cut names, shapefiles at ten characters."""
COSIA_CLASS = ("classe", "numero")
_DATED = re.compile(r"(?:code_)?(cs|us)_?(\d{4}|\d{2}|avant|apres|m\d|n\d?)$")
_DATE_ORDER = {"avant": 0, "apres": 1}
EXTRA = ("id", "millesime", "source", "ossature", "id_origine", "code_or")


@dataclass(frozen=True)
class Wish:
    """What the caller says about the layer.

    Attributes:
        layer: its name.
        columns: role (`cs`, `us`, `id`) to column name, where it has no usual one.
        date: date of a change layer.
        mapping: a mapping file.
        allow_no_cover: every polygon gets the default cover.
    """

    layer: str | None = None
    columns: ColumnNames[str, str] = field(default_factory=dict)
    date: str | None = None
    mapping: Mapping | None = None
    allow_no_cover: bool = False


@dataclass(frozen=True)
class Layout:
    """How to read one layer.

    Attributes:
        layer: its name.
        kind: what it is.
        columns: role to column; `other_cs` and `other_us` are those of the other date of a change layer.
        dates: dates of a change layer, oldest first.
        date: the one taken.
    """

    layer: str
    kind: Kind
    columns: dict[str, str]
    dates: tuple[str, ...] = ()
    date: str = ""


def find_layout(path: Path, layers: Sequence[tuple[str, list[str]]], wish: Wish) -> Layout:
    """Which layer of a file to read, and which of its columns.

    Args:
        path: named in errors.
        layers: name and columns of every layer.
        wish: what the caller says.

    Raises:
        NoLayerError, NoColumnError, NoCoverError, NoDateError: nothing fits.
    """
    name, fields = _choose(path, layers, wish)
    lower = {field.lower(): field for field in fields}
    found = {role: lower[n] for role in EXTRA for n in reversed(ROLES[role]) if n in lower}
    asked = {**(wish.mapping.columns if wish.mapping else {}), **wish.columns}
    for role, column in asked.items():
        if column.lower() not in lower:
            raise NoColumnError(path=path, layer=name, column=column, columns=_listed(fields))
        found[role] = lower[column.lower()]
    if not wish.mapping and "cs" not in found and (dated := _dates(lower)):
        return _change(path, name, found, dated, wish.date)
    if wish.date is not None:
        raise NoDateError(path=path, date=wish.date, dates="-")
    if wish.mapping:
        return Layout(name, "mapped", found)
    return _plain(path, name, fields, lower, found, wish)


def _plain(
    path: Path, name: str, fields: list[str], lower: dict[str, str], found: dict[str, str], wish: Wish
) -> Layout:
    usual = {role: lower[n] for role in ("cs", "us") for n in reversed(ROLES[role]) if n in lower}
    columns = {**usual, **found}
    if "cs" in columns:
        return Layout(name, "ocsge", columns)
    cosia = [lower[n] for n in COSIA_CLASS if n in lower]
    if cosia:
        return Layout(name, "cosia", {**columns, "cs": cosia[0]})
    if wish.allow_no_cover:
        return Layout(name, "ocsge", columns)
    wanted = ", ".join((*ROLES["cs"], "cs_<année>", *COSIA_CLASS))
    raise NoCoverError(path=path, layer=name, wanted=wanted, columns=_listed(fields))


def _change(
    path: Path, name: str, found: dict[str, str], dated: dict[str, dict[str, str]], date: str | None
) -> Layout:
    dates = tuple(sorted(dated, key=lambda d: (_DATE_ORDER.get(d, 0), d)))
    chosen = dates[-1] if date is None else date.lower()
    if chosen not in dated:
        raise NoDateError(path=path, date=date, dates=", ".join(dates))
    columns = {**found, **dated[chosen]}
    others = [d for d in dates if d != chosen]
    if others:
        columns |= {f"other_{role}": column for role, column in dated[others[-1]].items()}
    return Layout(name, "change", columns, dates, chosen)


def _dates(lower: dict[str, str]) -> dict[str, dict[str, str]]:
    """Date to its columns, for the dates that have a cover."""
    dated: dict[str, dict[str, str]] = {}
    for key, column in lower.items():
        if match := _DATED.fullmatch(key):
            dated.setdefault(match[2], {})[match[1]] = column
    return {date: columns for date, columns in dated.items() if "cs" in columns}


def _choose(path: Path, layers: Sequence[tuple[str, list[str]]], wish: Wish) -> tuple[str, list[str]]:
    by_name = dict(layers)
    wanted = wish.layer or (wish.mapping.layer if wish.mapping else None)
    if wanted:
        match = [name for name in by_name if name.lower() == wanted.lower()]
        if match:
            return match[0], by_name[match[0]]
        raise NoLayerError(path=path, wanted=wanted, layers=_listed(by_name))
    named = [name for name in by_name if name.lower() in LAYER_NAMES]
    covered = [name for name, fields in layers if _has_cover({f.lower(): f for f in fields}, wish)]
    candidates = named or covered or list(by_name)
    if len(candidates) == 1:
        return candidates[0], by_name[candidates[0]]
    raise NoLayerError(path=path, wanted="-", layers=_listed(by_name))


def _has_cover(lower: dict[str, str], wish: Wish) -> bool:
    asked = wish.columns.get("cs") or (wish.mapping.columns["cs"] if wish.mapping else None)
    if asked:
        return asked.lower() in lower
    return any(n in lower for n in (*ROLES["cs"], *COSIA_CLASS)) or bool(_dates(lower))


def _listed(names: object) -> str:
    return ", ".join(map(str, names)) or "-" if isinstance(names, (list, dict, tuple)) else str(names)
