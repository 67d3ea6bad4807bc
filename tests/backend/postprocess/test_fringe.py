# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import shapely

from inference_backend.postprocess.references.reference_layers import ReferenceLayer, References
from tests.backend.postprocess.test_burn import burn_references

X0, Y1 = 600_000, 6_700_000


def burn(planes, profile, col0, row0, col1, row1):
    """A building of a reference, in pixels of 0.5 m."""
    shape = shapely.box(X0 + col0 / 2, Y1 - row1 / 2, X0 + col1 / 2, Y1 - row0 / 2)
    layer = ReferenceLayer("batiment", "BD TOPO", np.array([shape], dtype=object), {})
    return burn_references(References({"batiment": layer}), planes, profile)


def test_strip_beside_a_shifted_building_takes_the_cover_on_its_other_side(make_planes, codes, profile):
    cs = np.full((120, 120), codes.cs_index["CS2.2.1"], np.uint8)
    cs[40:80, 40:80] = codes.cs_index["CS1.1.1.1"]

    out = burn(make_planes(cs, pixel_m=0.5), profile, 43, 40, 83, 80)

    assert (out.cs[40:80, 43:83] == codes.cs_index["CS1.1.1.1"]).all()
    assert (out.cs[40:80, 40:43] == codes.cs_index["CS2.2.1"]).all()
    assert (out.cs_object[40:80, 40:43] == -1).all()


def test_another_building_beside_it_stays(make_planes, codes, profile):
    cs = np.full((120, 120), codes.cs_index["CS2.2.1"], np.uint8)
    cs[40:80, 20:80] = codes.cs_index["CS1.1.1.1"]

    out = burn(make_planes(cs, pixel_m=0.5), profile, 40, 40, 80, 80)

    assert (out.cs[45:75, 20:40] == 0).all(), "the prediction is left to speak for the part that is wide"
