# SPDX-License-Identifier: GPL-2.0-or-later
"""The columns of a lot for pieces of an existing layer: what it says is kept, what was guessed is named."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import Excuse
from inference_backend.ingest.errors import NoMillesimeError
from inference_backend.ingest.reading import year_of
from inference_backend.ingest.resolution import Decided
from inference_backend.ingest.types import Bools, Floats, Geometries, Pieces, Source, Texts
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares

NO_ORIGIN = "NC"
_ID = re.compile(r"(.*?)(\d+)")
_OWN_PREFIX, _OWN_DIGITS = "OCSGE", 10
_YEAR_DIGITS = 4
Columns = dict[str, NDArray[Any]]


def lot_columns(
    source: Source,
    pieces: Pieces,
    covers: Decided,
    uses: Decided,
    years: Texts,
    zones: Geometries,
    gained: Floats,
    profile: Profile,
) -> Columns:
    """Every column of `occupation_sol`, and those that the review queue reads besides.

    Args:
        source: the features.
        pieces: the result.
        covers: their covers.
        uses: their uses.
        years: (rows,) year of each feature.
        zones: polygons of the zone construite.
        gained: (rows,) area that each feature took in, m2.
        profile: minimum areas.
    """
    row, area = pieces.row, shapely.area(pieces.geometry)
    guessed = ~np.isnan(covers.confidence)
    unknown = np.full(len(row), np.nan)
    total = np.zeros(len(source))
    np.add.at(total, row, area)
    share = (gained / np.maximum(total, 1e-9))[row].clip(0.0, 1.0)
    return {
        "id": piece_ids(source, pieces),
        "code_cs": covers.code,
        "code_us": uses.code,
        "millesime": years[row],
        "source": _kept(source, pieces, "source", "calcul"),
        "ossature": skeleton_rows(source)[row].astype(np.int32),
        "id_origine": _origin(source, pieces),
        "code_or": _original_code(source, pieces),
        "area_m2": area,
        "confidence": unknown,
        "margin": unknown.copy(),
        "runner_up_cs": np.full(len(row), None, dtype=object),
        "undecided_share": guessed.astype(np.float64),
        "cs_rule": covers.rule,
        "us_rule": uses.rule,
        "us_confidence": uses.confidence,
        "excuse": _excuses(source, pieces, covers, zones, profile),
        "merged_share": share,
        "disagree_share": np.zeros(len(row)),
    }


def years_of(source: Source, given: str | None) -> Texts:
    """(rows,) year of the image: the column's, else the caller's, else what the file's name says.

    Raises:
        NoMillesimeError: a feature has none.
    """
    by_file = [given or year_of(file) for file in source.files]
    years = np.array(by_file, dtype=object)[source.file]
    column = source.text.get("millesime")
    if column is not None:
        said = np.array([_year(value) for value in column], dtype=object)
        years = np.where(np.array([y is not None for y in said], dtype=bool), said, years)
    missing = np.flatnonzero([year is None for year in years])
    if len(missing):
        raise NoMillesimeError(path=source.files[int(source.file[missing[0]])].path)
    return years


def skeleton_rows(source: Source) -> Bools:
    """(rows,) whether a feature belongs to the skeleton."""
    column = source.text.get("ossature")
    if column is None:
        return np.zeros(len(source), dtype=bool)
    yes = ("1", "true", "oui", "t")
    return np.array([value is not None and value.lower() in yes for value in column], dtype=bool)


def piece_ids(source: Source, pieces: Pieces) -> Texts:
    """(n,) unique identifiers.

    Where the layer's identifiers are of one form (letters, then digits, always as many), the largest piece
    of a feature keeps the feature's, and further pieces continue the numbers. Otherwise all are new; the
    report tells which feature a piece comes from.
    """
    known = _uniform(source.text.get("id"))
    count = len(pieces.row)
    result = np.full(count, None, dtype=object)
    prefix, digits, last = _OWN_PREFIX, _OWN_DIGITS, 0
    if known is not None:
        prefix, digits, last = known
        own = source.text["id"]
        taken: set[str] = set()
        for i in np.lexsort((np.arange(count), -shapely.area(pieces.geometry))).tolist():
            identifier = own[int(pieces.row[i])]
            if identifier not in taken:
                taken.add(identifier)
                result[i] = identifier
    for i in np.flatnonzero([identifier is None for identifier in result]).tolist():
        last += 1
        result[i] = f"{prefix}{last:0{digits}d}"
    return result


def _uniform(ids: Texts | None) -> tuple[str, int, int] | None:
    """Prefix, number of digits and highest number, where all identifiers have that form."""
    if ids is None or not len(ids):
        return None
    forms, highest = set(), 0
    for identifier in ids:
        match = _ID.fullmatch(identifier or "")
        if match is None or not match[1]:
            return None
        forms.add((match[1], len(match[2])))
        highest = max(highest, int(match[2]))
    (prefix, digits), *others = forms
    return None if others else (prefix, digits, highest)


def _year(value: str | None) -> str | None:
    text = (value or "").strip()[:_YEAR_DIGITS]
    return text if len(text) == _YEAR_DIGITS and text.isdigit() else None


def _kept(source: Source, pieces: Pieces, role: str, missing: str) -> Texts:
    column = source.text.get(role)
    if column is None:
        return np.full(len(pieces.row), missing, dtype=object)
    values = np.array([missing if value is None else value for value in column], dtype=object)
    return values[pieces.row]


def _origin(source: Source, pieces: Pieces) -> Texts:
    """The layer's ID_ORIGINE; where it says nothing, the feature's own identifier."""
    said, own = source.text.get("id_origine"), source.text.get("id")
    values = np.full(len(source), NO_ORIGIN, dtype=object)
    for row in range(len(source)):
        told = said[row] if said is not None else None
        if told and told != NO_ORIGIN:
            values[row] = told
        elif said is None and own is not None and own[row]:
            values[row] = own[row]
    return values[pieces.row]


def _original_code(source: Source, pieces: Pieces) -> Texts:
    """The layer's CODE_OR; where it has no such column, the texts of cover and use as they were."""
    said = source.text.get("code_or")
    if said is not None:
        return _kept(source, pieces, "code_or", NO_ORIGIN)
    cs, us = source.text.get("cs"), source.text.get("us")
    values = np.full(len(source), NO_ORIGIN, dtype=object)
    for row in range(len(source)):
        texts = [column[row] for column in (cs, us) if column is not None and column[row]]
        if texts:
            values[row] = "/".join(texts)
    return values[pieces.row]


def _excuses(source: Source, pieces: Pieces, covers: Decided, zones: Geometries, profile: Profile) -> Texts:
    shares = zone_shares(pieces.geometry, zones)
    minima = minimum_areas_m2(covers.code.tolist(), shares, profile)
    under = is_under_threshold(shapely.area(pieces.geometry), minima)
    excuse = np.full(len(pieces.row), None, dtype=object)
    excuse[under] = Excuse.AS_DELIVERED.value
    excuse[under & skeleton_rows(source)[pieces.row]] = Excuse.SKELETON.value
    return excuse
