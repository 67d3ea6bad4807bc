# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely

from inference_backend.postprocess.references.reference_layers import ReferenceLayer
from inference_backend.postprocess.references.skeleton import join_ends, skeleton_polygons


def lines(*points) -> np.ndarray:
    return np.array([shapely.LineString(p) for p in points], dtype=object)


def roads(geometry, **attributes) -> ReferenceLayer:
    columns = {name: np.array(values, dtype=object) for name, values in attributes.items()}
    return ReferenceLayer("troncon_de_route", "BD TOPO", geometry, columns)


def widths(layer) -> list[float]:
    """Width across the middle of each horizontal road."""
    middle = [shapely.LineString([(50, -100), (50, 100)]).intersection(p).length for p in layer.geometry]
    return [round(float(w), 6) for w in middle]


def test_free_end_reaches_the_nearest_line_and_others_stay():
    joined = join_ends(lines([(0, 0), (100, 0)], [(50, 4), (50, 60)], [(80, 9), (80, 60)]), 6.0)

    assert shapely.touches(joined[1], joined[0])
    assert joined[2].equals(shapely.LineString([(80, 9), (80, 60)]))
    assert joined[0].equals(shapely.LineString([(0, 0), (100, 0)]))


def test_ends_that_meet_are_not_free():
    network = lines([(0, 0), (50, 0)], [(50, 0), (100, 0)], [(0, 3), (50, 3)])

    joined = join_ends(network, 1.0)

    assert all(a.equals(b) for a, b in zip(network, joined, strict=True))


def test_width_comes_from_carriageway_then_lanes_then_kind_and_never_under_the_minimum(profile):
    four = lines(*[[(0, 0), (100, 0)]] * 4)
    layer = roads(
        four,
        nature=["Route à 1 chaussée"] * 4,
        importance=["5", "3", "4", "5"],
        largeur=["9.5", None, "0", "2"],
        voies=[None, "4", None, "1"],
    )

    assert widths(skeleton_polygons(layer, "roads", profile)) == [9.5, 12.0, 6.0, 5.0]


def test_tunnels_projects_and_paths_are_left_out(profile):
    five = lines(*[[(0, 0), (100, 0)]] * 5)
    layer = roads(
        five,
        nature=["Route à 1 chaussée", "Route à 1 chaussée", "Sentier", "Route à 1 chaussée", "Bretelle"],
        position=["-1", "0", "0", "Gué ou radier", "1"],
        etat=["En service", "En projet", "En service", "En service", "En service"],
    )

    assert len(skeleton_polygons(layer, "roads", profile)) == 2


def test_without_attributes_every_road_has_the_default_width(profile):
    layer = roads(lines([(0, 0), (100, 0)]))

    assert widths(skeleton_polygons(layer, "roads", profile)) == pytest.approx([5.0])


def test_rail_is_as_wide_as_its_tracks(profile):
    layer = roads(lines(*[[(0, 0), (100, 0)]] * 2), voies=["1", "2"], nature=["Voie ferrée principale"] * 2)

    assert widths(skeleton_polygons(layer, "rails", profile)) == [5.0, 8.0]
