# SPDX-License-Identifier: GPL-2.0-or-later
"""`value_scaling` of the STAC extension MLM: one rule for all bands, or one per band.

Source: MLM v1.5.2, Value Scaling Object. A rule is a type and its numbers; a card can hold those that are a
multiplication and an addition, hence not clipping nor expressions.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from inference_backend.contracts.model_card import InputBand
from inference_backend.models.errors import BadSidecarError

Affine = tuple[float, float]
"""gain and offset: `x * gain - offset`."""

_NOTHING: Affine = (1.0, 0.0)
KNOWN_TYPES = ("min-max", "z-score", "offset", "scale")


def bands_from_scaling(path: Path, names: list[str], rules: Any) -> tuple[InputBand, ...]:
    """Bands with their scaling.

    Raises:
        BadSidecarError: a type that cannot be computed, a missing number, or neither one rule nor one a band.
    """
    if rules is None:
        rules = [None]
    if not isinstance(rules, list) or not rules:
        _refuse(path, f"value_scaling is {rules!r}", f"value_scaling vaut {rules!r}")
    steps = [_affine(path, rule) for rule in rules]
    if len(steps) == 1:
        steps *= len(names)
    elif len(steps) == 2 != len(names) and _types(rules) == ["scale", "z-score"]:
        # Not what the extension says, but what others write: a division, then a standardisation.
        (gain, _), (second, offset) = steps
        steps = [(gain * second, offset)] * len(names)
    if len(steps) != len(names):
        _refuse(
            path,
            f"value_scaling has {len(steps)} rules for {len(names)} bands",
            f"value_scaling a {len(steps)} règles pour {len(names)} bandes",
        )
    # (x - mean) / std, in the unit of the raster.
    return tuple(
        InputBand(name, 1.0, offset / gain, 1 / gain)
        for name, (gain, offset) in zip(names, steps, strict=True)
    )


def scaling_of(bands: tuple[InputBand, ...]) -> list[dict[str, Any]]:
    """One z-score per band, in the unit of the raster."""
    return [
        {"type": "z-score", "mean": band.mean / band.scale, "stddev": band.std / band.scale} for band in bands
    ]


def _affine(path: Path, rule: Any) -> Affine:
    if rule is None or (isinstance(rule, dict) and rule.get("type") is None):
        return _NOTHING
    kind = rule.get("type") if isinstance(rule, dict) else rule
    try:
        if kind == "z-score":
            return _divided(float(rule["mean"]), float(rule["stddev"]))
        if kind == "min-max":
            low = float(rule["minimum"])
            return _divided(low, float(rule["maximum"]) - low)
        if kind == "scale":
            return _divided(0.0, float(rule["value"]))
        if kind == "offset":
            return _divided(float(rule["value"]), 1.0)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        what = f"value_scaling {rule}: {type(error).__name__} {error}"
        _refuse(path, what, what)
    known = ", ".join(KNOWN_TYPES)
    return _refuse(
        path,
        f"value_scaling of type {kind} cannot be computed here (only {known})",
        f"value_scaling de type {kind} n'est pas calculable ici (seulement {known})",
    )


def _divided(subtracted: float, divisor: float) -> Affine:
    if not 0 < divisor < math.inf:
        raise ValueError(f"{divisor} is not above 0")
    return 1 / divisor, subtracted / divisor


def _types(rules: list[Any]) -> list[Any]:
    return [rule.get("type") if isinstance(rule, dict) else None for rule in rules]


def _refuse(path: Path, reason_en: str, reason_fr: str) -> Affine:
    raise BadSidecarError(path=path, reason_en=reason_en, reason_fr=reason_fr)
