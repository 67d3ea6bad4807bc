# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from inference_backend.postprocess.burning.burn_window import burn
from inference_backend.postprocess.references.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)

X0, Y1 = 600_000, 6_700_000


def box(col0, row0, col1, row1):
    """A polygon of whole pixels of a 1 m grid."""
    return shapely.box(X0 + col0, Y1 - row1, X0 + col1, Y1 - row0)


def references(**layers) -> References:
    found = {}
    for role, (geometry, attributes) in layers.items():
        columns = {name: np.array(values, dtype=object) for name, values in attributes.items()}
        found[role] = ReferenceLayer(role, "BD TOPO", np.array(geometry, dtype=object), columns)
    return References(found)


def burn_references(layers: References, planes, profile, millesime: str = ""):
    """The whole raster as one window; `objects` are those of the lot, by their number."""
    found = ReferenceSet.of(layers, planes.grid, profile, millesime)
    window = whole_window(planes.grid)
    survey = finish_survey([survey_block(found, planes, window)], found, planes.grid.bounds, profile)
    out = burn(found, survey, planes, window)
    return replace(out, objects=tuple(found.source_objects(range(found.count))))


@pytest.fixture
def meadow(make_planes, codes):
    def make(size=100, **patches):
        cs = np.full((size, size), codes.cs_index["CS2.2.1"], np.uint8)
        for code, (col0, row0, col1, row1) in patches.items():
            cs[row0:row1, col0:col1] = codes.cs_index[code.replace("_", ".")]
        return make_planes(cs)

    return make


def test_skeleton_wins_over_a_building_and_is_marked(meadow, codes, profile):
    planes = meadow(CS1_1_1_1=(40, 40, 60, 60))
    road = shapely.LineString([(X0, Y1 - 50), (X0 + 100, Y1 - 50)])
    layers = references(
        troncon_de_route=([road], {"id": ["R1"], "nature": ["Route à 1 chaussée"], "largeur": ["6"]}),
        batiment=([box(40, 40, 60, 60)], {"id": ["B1"], "usage_1": ["Résidentiel"]}),
    )

    planes_out = burn_references(layers, planes, profile)

    assert planes_out.ossature.sum() == 600
    assert (planes_out.cs[47:53, 50] == codes.cs_index["CS1.1.1.2"]).all()
    assert planes_out.cs[45, 50] == codes.cs_index["CS1.1.1.1"]
    assert planes_out.us[50, 50] == codes.us_index["US4.1.1"]
    assert planes_out.us[45, 50] == codes.us_index["US5"]
    assert planes_out.objects[planes_out.cs_object[50, 5]].id_origine == "R1"
    assert planes_out.objects[planes_out.cs_object[45, 50]].id_origine == "B1"


def test_demolished_building_is_flagged_and_not_imposed(meadow, codes, profile):
    planes = meadow(CS1_1_1_1=(10, 10, 30, 30))
    layers = references(
        batiment=(
            [box(10, 10, 30, 30), box(60, 60, 80, 80)],
            {"id": ["here", "gone"], "usage_1": ["Annexe"] * 2},
        )
    )

    out = burn_references(layers, planes, profile)

    assert (out.cs[10:30, 10:30] == codes.cs_index["CS1.1.1.1"]).all()
    assert (out.cs[60:80, 60:80] == 0).all()
    assert out.disagrees[60:80, 60:80].all()
    assert out.disagrees.sum() == 400


def test_building_that_the_prediction_sees_in_part_is_imposed_whole(meadow, codes, profile):
    planes = meadow(CS1_1_1_1=(10, 10, 30, 18))  # 40 % of the building, above the profile's 30 %

    out = burn_references(references(batiment=([box(10, 10, 30, 30)], {})), planes, profile)

    assert (out.cs[10:30, 10:30] == codes.cs_index["CS1.1.1.1"]).all()


def test_mixed_stand_replaces_trees_and_nothing_else(meadow, codes, profile):
    planes = meadow(CS2_1_1_1=(0, 0, 50, 50))
    layers = references(formation_vegetale=([box(0, 0, 100, 50)], {"code_tfv": ["FF31"]}))

    out = burn_references(layers, planes, profile)

    assert (out.cs[:50, :50] == codes.cs_index["CS2.1.1.3"]).all()
    assert (out.cs[:50, 50:] == 0).all()


def test_dry_pond_is_not_imposed(meadow, codes, profile):
    planes = meadow(CS1_2_2=(0, 0, 40, 40))
    layers = references(
        surface_hydrographique=(
            [box(0, 0, 20, 20), box(20, 0, 40, 20), box(60, 60, 90, 90)],
            {"persistance": ["Permanent", "Intermittent", "Permanent"], "position": ["0", "0", "0"]},
        )
    )

    out = burn_references(layers, planes, profile)

    assert (out.cs[:20, :20] == codes.cs_index["CS1.2.2"]).all()
    assert (out.cs[:20, 20:40] == 0).all()
    assert (out.cs[60:90, 60:90] == 0).all()


@pytest.mark.parametrize(
    ("role", "attributes", "use"),
    [
        ("zone_d_activite_ou_d_interet", {"nature": ["Carrière"]}, "US1.3"),
        ("zone_d_activite_ou_d_interet", {"nature": ["Usine"]}, "US2"),
        ("zone_d_activite_ou_d_interet", {"nature": ["Station d’épuration"]}, "US4.3"),
        ("zone_d_activite_ou_d_interet", {"categorie": ["Santé"], "nature": ["Hôpital"]}, "US3"),
        ("cimetiere", {"nature": ["Civil"]}, "US3"),
        ("parcelles_graphiques", {"code_cultu": ["BTH"]}, "US1.1"),
        ("poste_de_transformation", {"etat": ["En service"]}, "US4.3"),
        ("parcelle_fonciere", {"use": ["US5"], "premises": ["ACTIVITE"]}, "US5"),
        ("parcelle_fonciere", {"use": [None], "premises": ["MAISON"]}, "US5"),
        ("parcelle_fonciere", {"use": ["US3"], "premises": [None]}, "US3"),
        ("parcelle_fonciere", {"use": ["Industrie"], "premises": [None]}, "US2"),
        ("parcelle_fonciere", {"use": [None], "premises": ["AUCUN LOCAL"], "crop": ["02"]}, "US1.1"),
    ],
)
def test_areas_give_their_use(meadow, codes, profile, role, attributes, use):
    out = burn_references(references(**{role: ([box(0, 0, 50, 50)], attributes)}), meadow(), profile)

    assert (out.us[:50, :50] == codes.us_index[use]).all()
    assert out.us_rules[out.us_rule[10, 10]] != ""
    assert 0 < out.us_rule_confidence[out.us_rule[10, 10]] <= 1


@pytest.mark.parametrize(("state", "use"), [("En ruine", "US6.2"), ("En construction", "US6.1")])
def test_state_of_a_building_that_the_prediction_sees_says_its_use(meadow, codes, profile, state, use):
    layers = references(batiment=([box(10, 10, 40, 40)], {"etat": [state], "usage_1": ["Industriel"]}))

    out = burn_references(layers, meadow(CS1_1_1_1=(10, 10, 40, 40)), profile)

    assert (out.us[11:39, 11:39] == codes.us_index[use]).all()
    assert (burn_references(layers, meadow(), profile).us == 0).all()


def test_a_large_parcel_is_not_all_the_ground_of_its_house(meadow, codes, profile):
    layers = references(
        parcelle_fonciere=([box(0, 0, 60, 60), box(60, 0, 200, 100)], {"use": ["US5", "US5"]}),
    )

    out = burn_references(layers, meadow(), profile)

    assert out.us[30, 30] == codes.us_index["US5"]
    assert out.us[30, 80] == 0


def test_unnamed_building_takes_the_use_of_the_nearest_and_lends_its_grounds(meadow, codes, profile):
    planes = meadow(CS1_1_1_1=(10, 10, 50, 20))
    layers = references(
        batiment=(
            [box(10, 10, 20, 20), box(30, 10, 50, 20)],
            {"usage_1": ["Résidentiel", "Indifférencié"], "id": ["a", "b"]},
        )
    )

    out = burn_references(layers, planes, profile)

    us5 = codes.us_index["US5"]
    assert (out.us[10:20, 10:50][out.cs[10:20, 10:50] > 0] == us5).all()
    assert out.us_rules[out.us_rule[15, 40]] == "building: use of the nearest"
    assert out.us[25, 15] == us5
    assert out.us_rules[out.us_rule[25, 15]] == "grounds of a building"
    assert out.us[90, 90] == 0


def test_hint_of_the_model_counts_where_it_is_the_majority(meadow, codes, profile):
    planes = meadow()
    hint = np.zeros(planes.cs.shape, np.uint8)
    hint[:, :50] = codes.us_index["US1.1"]
    hint[80, 80] = codes.us_index["US1.1"]

    out = burn_references(References({}), replace(planes, us_hint=hint), profile)

    assert (out.us[:, :45] == codes.us_index["US1.1"]).all()
    assert (out.us[:, 55:] == 0).all()


def test_nothing_is_burned_outside_the_image(make_planes, codes, profile):
    inside = np.zeros((60, 60), bool)
    inside[:30] = True
    planes = make_planes(np.full((60, 60), codes.cs_index["CS1.1.1.1"]), inside=inside)

    out = burn_references(
        references(batiment=([box(0, 0, 60, 60)], {"usage_1": ["Agricole"]})), planes, profile
    )

    for plane in (out.cs, out.us, out.us_rule, out.zone_construite, out.disagrees):
        assert not plane[30:].any()
    assert (out.cs_object[30:] == -1).all()


def test_zone_joins_close_buildings_and_forgets_a_lonely_shed(meadow, codes, profile):
    planes = meadow(400)
    cs, built = planes.cs.copy(), codes.cs_index["CS1.1.1.1"]
    buildings = [(100, 100, 130, 130), (160, 100, 190, 130), (330, 330, 340, 340)]
    for col0, row0, col1, row1 in buildings:
        cs[row0:row1, col0:col1] = built
    layers = references(batiment=([box(*b) for b in buildings], {}))

    zone = burn_references(layers, replace(planes, cs=cs), profile).zone_construite

    assert zone[115, 145], "the gap of 30 m between two buildings is inside"
    assert zone[95, 115], "so are the close surroundings"
    assert not zone[60, 115]
    assert not zone[335, 335], "a shed of 100 m2 alone is under the zone's minimum area"
