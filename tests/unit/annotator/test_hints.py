# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reference feature stands for, as the profile's own rules say."""

from __future__ import annotations

import pytest

from inference_backend.contracts.profile import Profile
from ocsge_annotator.domain.hints import hint_rules, rule_of_layer
from ocsge_annotator.domain.label_classes import cover_classes, physical_classes

PROFILE = Profile.load()
PHYSICAL = physical_classes(PROFILE)


def rule(*names: str):
    return rule_of_layer(hint_rules(PROFILE), PROFILE, *names)


def name_of(layer: str, classes=PHYSICAL, **attributes) -> str | None:
    value = rule(layer).value_of(attributes, classes)
    return next((entry.name for entry in classes if entry.value == value), None)


def test_a_class_is_the_first_name_that_the_campaign_has():
    assert name_of("batiment") == "building"
    assert name_of("batiment", cover_classes(PROFILE)) == "CS1.1.1.1"
    assert name_of("batiment", PHYSICAL[5:]) is None


def test_what_is_not_on_the_ground_yet_is_left_out():
    assert name_of("batiment", etat_de_l_objet="En projet") is None
    assert name_of("troncon_de_route", pos_sol="-1") is None
    assert name_of("troncon_de_route", pos_sol="0", importance="3") == "impervious surface"
    assert name_of("surface_hydrographique", persistance="Intermittent") is None


def test_a_declared_parcel_is_its_crop():
    assert name_of("parcelles_graphiques", code_cultu="BTH") == "agricultural land"
    assert name_of("parcelles_graphiques", code_cultu="PPH") == "herbaceous vegetation"
    assert name_of("parcelles_graphiques", code_cultu="VRC") == "vineyard"


@pytest.mark.parametrize(
    ("attributes", "width_m"),
    [
        ({"largeur_de_chaussee": 6.5, "importance": "5"}, 6.5),
        ({"largeur": 0, "nature": "Rond-point"}, 7),
        ({"importance": "2"}, 8),
        ({}, 5),
    ],
)
def test_a_road_is_as_wide_as_its_carriageway_or_its_kind(attributes, width_m):
    assert rule("troncon_de_route").width_m(attributes) == width_m


def test_a_railway_is_as_wide_as_its_tracks():
    one, two = (rule("troncon_de_voie_ferree").width_m({"nb_voies": count}) for count in (1, 2))
    assert two - one == PROFILE.number("skeleton", "rails", "width_per_track")
    assert rule("batiment").width_m({}) is None


def test_a_layer_is_known_by_its_name_its_file_or_its_title():
    assert rule("", "/data/BATIMENT.shp").layer == "batiment"
    assert rule("troncon_de_route", "/data/bdtopo.gpkg").layer == "troncon_de_route"
    assert rule("extrait", "/data/extrait.gpkg", "Parcelles_graphiques 2022").layer == "parcelles_graphiques"
    assert rule("nuages", "/data/nuages.gpkg", "Nuages") is None
