# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of a reference object the prediction must see before the object is imposed."""

from __future__ import annotations

from typing import Any

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import I64
from inference_backend.postprocess.references.reference_layers import ReferenceLayer
from inference_backend.postprocess.types import BOOL, F32

_NO_YEAR = 0


def required_share(layer: ReferenceLayer, rule: dict[str, Any], profile: Profile, millesime: str) -> F32:
    """(n,) share of each object's decided pixels that must agree; 0 where it needs no agreement.

    An object that appeared after the image, and one of a source too many years from the image, must be seen
    to a larger share than others.

    Args:
        layer: n objects of one rule.
        rule: its entry of the profile; `agreement` is the share asked of objects of the right date.
        profile: shares asked of the others (`references.dates`).
        millesime: year of the image; empty for no gate on dates.
    """
    usual = float(rule["agreement"]["minimum_share"]["value"]) if "agreement" in rule else 0.0
    share = np.full(len(layer), usual, np.float32)
    dates = profile.section("references", "dates")
    far = is_of_another_date(layer, profile, millesime)
    share[far] = np.maximum(share[far], dates["share_of_another_date"]["value"])
    newer = _is_newer(layer, millesime)
    share[newer] = np.maximum(share[newer], dates["share_when_newer"]["value"])
    return share


def is_of_another_date(layer: ReferenceLayer, profile: Profile, millesime: str) -> BOOL:
    """(n,) whether the source is too many years from the image; False where either year is unknown."""
    image, years = _year(millesime), _years(layer, "source_year")
    limits = profile.section("references", "dates", "within_years")
    if image == _NO_YEAR or layer.source not in limits:
        return np.zeros(len(layer), bool)
    far: BOOL = (years != _NO_YEAR) & (np.abs(years - image) > limits[layer.source]["value"])
    return far


def _is_newer(layer: ReferenceLayer, millesime: str) -> BOOL:
    image = _year(millesime)
    newer: BOOL = (_years(layer, "apparition") > image) & (image != _NO_YEAR)
    return newer


def _years(layer: ReferenceLayer, attribute: str) -> I64:
    texts = layer.text(attribute).tolist()
    known = {text: _year(text) for text in set(texts)}
    return np.array([known[text] for text in texts], np.int64)


def _year(text: str) -> int:
    """`2021`, `2021-05-06` and `2021/05/06 00:00:00` are of 2021; 0 where no year begins the text."""
    return int(text[:4]) if text[:4].isdecimal() and len(text) >= 4 else _NO_YEAR
