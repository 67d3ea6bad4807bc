# SPDX-License-Identifier: GPL-2.0-or-later
"""Which objects of a reference layer a rule of the profile is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.postprocess.references.reference_layers import ReferenceLayer, normalise

MASK = NDArray[np.bool_]


def select(layer: ReferenceLayer, rule: dict[str, Any]) -> ReferenceLayer:
    """Objects for which every condition of `rule["where"]` holds, within its `minimum_` and `maximum_area`.

    A condition names an attribute and one of `in`, `not_in`, `starts_with`, `at_least`. Null and unreadable
    values pass exclusions and bounds and fail `in` and `starts_with`, unless it says `when_missing: keep`.
    """
    return layer.take(chosen(layer, rule))


def chosen(layer: ReferenceLayer, rule: dict[str, Any]) -> MASK:
    """(n,) bool, what `select` keeps."""
    keep = np.ones(len(layer), dtype=bool)
    for condition in rule.get("where", ()):
        keep &= _holds(layer, condition)
    if "minimum_area" in rule:
        keep &= shapely.area(layer.geometry) >= rule["minimum_area"]["value"]
    if "maximum_area" in rule:
        keep &= shapely.area(layer.geometry) <= rule["maximum_area"]["value"]
    return keep


def _holds(layer: ReferenceLayer, condition: dict[str, Any]) -> MASK:
    attribute = condition["attribute"]
    if "at_least" in condition:
        numbers = layer.numbers(attribute)
        return np.isnan(numbers) | (numbers >= float(condition["at_least"]["value"]))
    test, null = _text_test(condition)
    values = layer.attributes.get(attribute)
    if values is None:
        return np.full(len(layer), null)
    known = {value: null if value is None else test(normalise(value)) for value in set(values.tolist())}
    return np.array([known[value] for value in values.tolist()], dtype=bool)


def _text_test(condition: dict[str, Any]) -> tuple[Callable[[str], bool], bool]:
    """The test of a normalised text, and its outcome for a null."""
    keep_null = condition.get("when_missing") == "keep"
    if "not_in" in condition:
        excluded = {normalise(v) for v in condition["not_in"]}
        return (lambda text: text not in excluded), True
    if "starts_with" in condition:
        prefixes = tuple(normalise(v) for v in condition["starts_with"])
        return (lambda text: text.startswith(prefixes)), keep_null
    wanted = {normalise(v) for v in condition["in"]}
    return (lambda text: text in wanted), keep_null
