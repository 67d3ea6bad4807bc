# SPDX-License-Identifier: GPL-2.0-or-later
"""Lays reference vectors on the prediction's grid: cover, use, skeleton and zone construite."""

from __future__ import annotations

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.burn_cover import burn_cover
from inference_backend.postprocess.burn_use import burn_use
from inference_backend.postprocess.burn_window import burn
from inference_backend.postprocess.reference_layers import References
from inference_backend.postprocess.types import PredictionPlanes, ReferencePlanes
from inference_backend.postprocess.zone_construite import zone_plane


def burn_references(references: References, planes: PredictionPlanes, profile: Profile) -> ReferencePlanes:
    """Everything the references say, by the priorities and conditions of the profile.

    Args:
        references: read on `planes.grid`; may be empty, then only the model's hints and the zone speak.
        planes: the prediction, which may veto a reference (a building that is no longer there).
        profile: rules.
    """
    cover = burn_cover(references, planes, profile)
    use = burn_use(references, cover, planes, profile)
    built = use.codes.cs_index[profile.section("built_cover")]
    predicted = (planes.cs == built) & (cover.cs == 0) & planes.inside
    return ReferencePlanes(
        cs=cover.cs,
        us=use.us,
        ossature=cover.ossature,
        cs_object=cover.cs_object,
        us_rule=use.us_rule,
        zone_construite=zone_plane(cover.cs == built, predicted, planes.grid, profile) & planes.inside,
        objects=tuple(cover.objects),
        us_rules=tuple(use.names),
        us_rule_confidence=tuple(use.confidences),
        disagrees=cover.disagrees,
    )


__all__ = ["burn", "burn_references"]
