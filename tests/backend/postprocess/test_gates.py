# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely

from inference_backend.postprocess.burning.burn_window import burn
from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)

PLACE = shapely.box(600_020, 6_699_920, 600_080, 6_699_980)


@pytest.fixture
def imposed(make_planes, codes, profile, make_references):
    """Whether an object over a square of which `share` is predicted as `code` is imposed."""

    def run(role, code, share, millesime="2022", geometry=PLACE, **attributes):
        cs = np.full((100, 100), codes.cs_index["CS2.2.1"], np.uint8)
        cs[20:80, 20 : 20 + round(60 * share)] = codes.cs_index[code]
        planes = make_planes(cs)
        columns = {name: [value] for name, value in attributes.items()}
        references = make_references(planes.grid, millesime, **{role: ([geometry], columns)})
        window = whole_window(planes.grid)
        survey = finish_survey(
            [survey_block(references, planes, window)], references, planes.grid.bounds, profile
        )
        out = burn(references, survey, planes, window)
        assert bool(survey.decisions.accepted[0]) != bool(out.disagrees.any())
        return bool(survey.decisions.accepted[0])

    return run


def test_a_building_needs_less_agreement_where_its_source_is_of_the_right_date(imposed):
    assert imposed("batiment", "CS1.1.1.1", 0.4, source_year="2021")
    assert imposed("batiment", "CS1.1.1.1", 0.4), "nothing is known about its date"
    assert not imposed("batiment", "CS1.1.1.1", 0.4, source_year="2012")
    assert imposed("batiment", "CS1.1.1.1", 0.8, source_year="2012")
    assert imposed("batiment", "CS1.1.1.1", 0.4, source_year="2012", millesime="")


def test_an_object_that_appeared_after_the_image_must_be_seen(imposed):
    assert not imposed("batiment", "CS1.1.1.1", 0.4, apparition="2023-04-01")
    assert imposed("batiment", "CS1.1.1.1", 0.7, apparition="2023-04-01")
    assert imposed("batiment", "CS1.1.1.1", 0.4, apparition="2022/12/31 10:00:00")
    assert imposed("batiment", "CS1.1.1.1", 0.4, apparition="inconnue")


def test_a_road_is_imposed_unless_it_is_newer_than_the_image(imposed):
    road = {"geometry": shapely.LineString([(600_000, 6_699_950), (600_100, 6_699_950)])}
    assert imposed("troncon_de_route", "CS1.1.1.2", 0.0, **road)
    assert not imposed("troncon_de_route", "CS1.1.1.2", 0.0, apparition="2024-01-01", **road)


def test_declared_crops_of_another_year_must_be_seen(imposed):
    crop = {"code_group": "1"}
    assert imposed("parcelles_graphiques", "CS2.1.1.1", 0.6, source_year="2021", **crop)
    assert not imposed("parcelles_graphiques", "CS2.1.1.1", 0.6, source_year="2016", **crop)
