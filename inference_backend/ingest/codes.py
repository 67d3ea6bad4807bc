# SPDX-License-Identifier: GPL-2.0-or-later
"""What the texts of a layer say: a leaf, a node above leaves, or nothing that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from inference_backend.contracts.profile import Profile, normalise_class_name
from inference_backend.ingest.mapping_file import Mapping
from inference_backend.ingest.types import Kind


class Saying(StrEnum):
    """How a text led to a code; the report counts texts by these."""

    GIVEN = "given"
    SPELLED = "spelled"
    TRUNCATED = "truncated"
    LABEL = "label"
    CLASS = "class"
    MAPPING = "mapping"
    NON_LEAF = "non_leaf"
    UNKNOWN = "unknown"
    MISSING = "missing"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Reading:
    """What one text says.

    Attributes:
        saying: how it was read.
        code: the leaf, None where it tells none.
        under: the node whose leaves are possible, where it tells one; then `code` is None.
    """

    saying: Saying
    code: str | None = None
    under: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it tells a leaf."""
        return self.code is not None


_CODE = re.compile(r"(CS|US)[\s_:-]*(\d+(?:[\s.,_-]\d+)*)", re.IGNORECASE)


def read_code(text: str | None, dimension: Dimension, nomenclature: Nomenclature) -> Reading:
    """The leaf that a text names, or what is left of it.

    Exact leaves are given; `cs 1.1.1.1`, `CS1111` and `CS1.1.1.1 - Zones bâties` are other spellings; longer
    regional codes are cut to their national leaf; a label of the nomenclature counts as its code.
    """
    if text is None or not text.strip():
        return Reading(Saying.MISSING)
    plain = text.strip()
    if plain in nomenclature and nomenclature[plain].dimension == dimension:
        return _of_node(plain, Saying.GIVEN, nomenclature)
    spellings = _spellings(plain, dimension)
    for candidate in spellings:
        if candidate in nomenclature:
            return _of_node(candidate, Saying.SPELLED, nomenclature)
    for candidate in spellings:
        if leaf := nomenclature.truncate(candidate):
            return Reading(Saying.TRUNCATED, leaf)
    if leaf := _by_label(plain, dimension, nomenclature):
        return Reading(Saying.LABEL, leaf)
    return Reading(Saying.UNKNOWN, under=_known_node_above(plain, dimension, nomenclature))


def read_cover(
    text: str | None, kind: Kind, profile: Profile, mapping: Mapping | None, classes: dict[int, str]
) -> tuple[Reading, Reading | None]:
    """What a cover value says of the cover, and of the use where it says something of it.

    Args:
        text: the value.
        kind: of the layer.
        profile: maps names of classes to covers.
        mapping: the mapping file, where one is given.
        classes: CoSIA's numbers to names.
    """
    nomenclature = profile.nomenclature
    if mapping is not None and text is not None and text in mapping.values:
        value = mapping.values[text]
        if value.skip:
            return Reading(Saying.SKIPPED), None
        use = _mapped(value.us, "us", nomenclature) if value.us else None
        return (_mapped(value.cs, "cs", nomenclature) if value.cs else Reading(Saying.UNKNOWN)), use
    if kind == "cosia" and text is not None:
        name = classes.get(int(text), text) if text.isdigit() else text
        if cover := profile.cover_of_class(name):
            hint = _hint(name, profile)
            return Reading(Saying.CLASS, cover), Reading(Saying.CLASS, hint) if hint else None
    return read_code(text, "cs", nomenclature), None


def read_use(text: str | None, mapping: Mapping | None, nomenclature: Nomenclature) -> Reading:
    """What a use value says."""
    if mapping is not None and text is not None and text in mapping.uses:
        return _mapped(mapping.uses[text], "us", nomenclature)
    return read_code(text, "us", nomenclature)


def _mapped(code: str, dimension: Dimension, nomenclature: Nomenclature) -> Reading:
    reading = read_code(code, dimension, nomenclature)
    return Reading(Saying.MAPPING, reading.code) if reading.is_settled else reading


def _of_node(code: str, saying: Saying, nomenclature: Nomenclature) -> Reading:
    return Reading(saying, code) if nomenclature.is_leaf(code) else Reading(Saying.NON_LEAF, under=code)


def _spellings(text: str, dimension: Dimension) -> list[str]:
    match = _CODE.match(text)
    if not match or match[1].upper() != dimension.upper():
        return []
    digits = re.findall(r"\d+", match[2])
    found = [match[1].upper() + ".".join(digits)]
    if len(digits) == 1 and len(digits[0]) > 1:
        found.append(match[1].upper() + ".".join(digits[0]))
    elif len(digits) > 1:
        found.append(match[1].upper() + "".join(digits))  # US235, which has no dots, as US2.3.5
    return found


def _known_node_above(text: str, dimension: Dimension, nomenclature: Nomenclature) -> str | None:
    for candidate in _spellings(text, dimension):
        parts = candidate.split(".")
        for length in range(len(parts) - 1, 0, -1):
            node = ".".join(parts[:length])
            if node in nomenclature:
                return node
    return None


def _by_label(text: str, dimension: Dimension, nomenclature: Nomenclature) -> str | None:
    wanted = normalise_class_name(text)
    for leaf in nomenclature.leaves(dimension):
        if any(normalise_class_name(label) == wanted for label in leaf.labels.values()):
            return leaf.code
    return None


def _hint(name: str, profile: Profile) -> str | None:
    wanted = normalise_class_name(name)
    for known, entry in profile.section("class_to_cover").items():
        if normalise_class_name(known) == wanted:
            return str(entry["code_us"]) if entry.get("code_us") else None
    return None
