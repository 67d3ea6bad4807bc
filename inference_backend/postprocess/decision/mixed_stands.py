# SPDX-License-Identifier: GPL-2.0-or-later
"""Mixed stands: tree regions in which neither broadleaved nor coniferous trees dominate."""

from __future__ import annotations

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.decision.lot_graph import IMPOSED, LotGraph
from inference_backend.postprocess.types import BOOL, Codes

_HALF = 2


def is_mixed_stand(lot: LotGraph, codes: Codes, profile: Profile) -> BOOL:
    """(n,) bool, stands of one kind of tree that become mixed by what their pixels were before merging.

    The skeleton and what a reference imposed by half stay as they are.
    """
    of = profile.section("merging", "mixed_stand", "of")
    kinds = [codes.cs_index[code] for code in of]
    mixed = codes.cs_index[profile.section("merging", "mixed_stand", "code_cs")]
    covers = lot.covers
    trees = covers[:, [*kinds, mixed]].sum(axis=1)
    purest = covers[:, kinds].max(axis=1)
    share = profile.number("merging", "mixed_stand", "minimum_second_share")
    second: BOOL = (trees - purest >= share * trees) & (trees > 0)
    imposed = lot.sums[:, IMPOSED] * _HALF >= lot.area_px
    return second & np.isin(lot.cs, kinds) & ~lot.ossature & ~imposed
