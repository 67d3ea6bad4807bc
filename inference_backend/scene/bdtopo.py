# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of the references as BD TOPO names them, before defects are put in: attributes and geometry."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

from inference_backend.scene.network import corridor
from inference_backend.scene.plan import SECOND, Building, Plan, Route, Surface

Record = dict[str, object]
_SERVICE, _RUIN = "En service", "En ruine"


@dataclass
class Layer:
    """One layer of a reference database.

    Attributes:
        name: as the database spells it.
        geometry_type: `Polygon` or `LineString`.
        geometry: local metres.
        records: attributes, one dict per geometry, all with the same keys.
    """

    name: str
    geometry_type: str
    geometry: list[shapely.Geometry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def add(self, geometry: shapely.Geometry, **attributes: object) -> None:
        """Add one object."""
        self.geometry.append(geometry)
        self.records.append(attributes)

    def keep(self, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Drop every object that `chosen` does not name."""
        self.geometry = [g for g, k in zip(self.geometry, chosen, strict=True) if k]
        self.records = [r for r, k in zip(self.records, chosen, strict=True) if k]


def buildings(plan: Plan) -> Layer:
    """`batiment`: every building of 2022, and those that are gone."""
    layer = Layer("batiment", "Polygon")
    for b in plan.buildings:
        layer.add(b.geometry, **_building_attributes(b))
    return layer


def _building_attributes(b: Building) -> Record:
    home = b.usage == "Résidentiel"
    return {
        "nature": b.nature,
        "usage_1": b.usage,
        "usage_2": None,
        "construction_legere": "Oui" if b.light or b.nature == "Serre" else "Non",
        "etat_de_l_objet": _RUIN if _is_known_ruin(b) else _SERVICE,
        "hauteur": b.height_m,
        "nombre_d_etages": max(1, int(b.height_m // 3)) if home else None,
        "nombre_de_logements": 1 if home else 0,
        "origine_du_batiment": "Cadastre",
        "date_d_apparition": "2021-06-01" if b.years == SECOND else "1994-01-01",
    }


def _is_known_ruin(b: Building) -> bool:
    """Every other abandoned building, by where it stands: databases learn late that a hall is empty."""
    return b.us == "US6.2" and int(b.geometry.centroid.x) % 2 == 0


_ROADS: dict[str, Record] = {
    "main": {"nature": "Route à 1 chaussée", "importance": "3", "nombre_de_voies": 2, "urbain": False},
    "minor": {"nature": "Route à 1 chaussée", "importance": "5", "nombre_de_voies": 2, "urbain": False},
    "street": {"nature": "Route à 1 chaussée", "importance": "5", "nombre_de_voies": 2, "urbain": True},
    "track": {"nature": "Chemin", "importance": "6", "nombre_de_voies": None, "urbain": False},
}


def roads(plan: Plan) -> Layer:
    """`troncon_de_route`: centre lines cut at every node of the network."""
    layer = Layer("troncon_de_route", "LineString")
    routes = [r for r in plan.routes if r.kind in _ROADS]
    for segment, route in _segments(routes, plan):
        layer.add(
            segment,
            **_ROADS[route.kind],
            fictif=False,
            position_par_rapport_au_sol="0",
            etat_de_l_objet=_SERVICE,
            largeur_de_chaussee=None if route.kind == "track" else route.width_m,
            prive=False,
            sens_de_circulation="Double sens",
            date_d_apparition="2021-06-01" if route.years == SECOND else None,
        )
    return layer


def _segments(routes: list[Route], plan: Plan) -> list[tuple[shapely.LineString, Route]]:
    """Noded centre lines with the route each is part of; stubs past a junction are left out."""
    noded = shapely.get_parts(shapely.unary_union([shapely.intersection(r.line, plan.frame) for r in routes]))
    lines = np.array([r.line for r in routes], dtype=object)
    middle = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    parent = shapely.STRtree(lines).nearest(middle)
    pairs = [(s, routes[int(k)]) for s, k in zip(noded, parent, strict=True)]
    return [(s, r) for s, r in pairs if s.length > 4.5]


def rails(plan: Plan) -> Layer:
    """`troncon_de_voie_ferree`."""
    layer = Layer("troncon_de_voie_ferree", "LineString")
    for r in plan.routes:
        if r.kind == "rail":
            layer.add(
                shapely.intersection(r.line, plan.frame),
                nature="Voie ferrée principale",
                position_par_rapport_au_sol="0",
                etat_de_l_objet=_SERVICE,
                electrifie="Non",
                largeur="Normale",
                nombre_de_voies=int(r.info["tracks"]),
                usage=None,
            )
    return layer


def waters(plan: Plan) -> Layer:
    """`surface_hydrographique`."""
    layer = Layer("surface_hydrographique", "Polygon")
    river = [corridor(r) for r in plan.routes if r.kind == "river"]
    shapes = [(shapely.intersection(w, plan.frame), "Ecoulement naturel") for w in river]
    ponds = [s for s in plan.surfaces if s.tag == "water" and s.z == 20]
    shapes += [(s.geometry, str(s.info["nature"])) for s in ponds]
    for shape, nature in shapes:
        for part in shapely.get_parts(shape):
            layer.add(
                part,
                nature=nature,
                position_par_rapport_au_sol="0",
                etat_de_l_objet=_SERVICE,
                persistance="Permanent",
                salinite="Non",
                origine="Naturelle" if nature in ("Ecoulement naturel", "Mare") else "Artificielle",
                statut="Validé",
            )
    return layer


_VEGETATION = {
    "CS2.1.1.1": "Forêt fermée de feuillus",
    "CS2.1.1.2": "Forêt fermée de conifères",
    "CS2.1.1.3": "Forêt fermée mixte",
    "CS2.1.2": "Lande ligneuse",
    "CS2.1.3": "Vigne",
}


def vegetation(plan: Plan) -> Layer:
    """`zone_de_vegetation`, as old as the first date: a stand felled since then is still there."""
    layer = Layer("zone_de_vegetation", "Polygon")
    for s in plan.surfaces:
        if s.cs in _VEGETATION and s.years & 1 and s.geometry.area > 500:
            nature = "Verger" if s.us == "US1.1" and s.cs == "CS2.1.1.1" else _VEGETATION[str(s.cs)]
            layer.add(s.geometry, nature=nature, source=None)
    return layer


_ACTIVITIES = {
    "quarry": ("Industriel et commercial", "Carrière", None),
    "industry": ("Industriel et commercial", "Zone industrielle", None),
    "logistics": ("Industriel et commercial", "Zone industrielle", "Plate-forme logistique"),
    "shops": ("Industriel et commercial", "Divers commercial", None),
    "compost": ("Industriel et commercial", "Divers industriel", None),
    "ponds": ("Industriel et commercial", "Aquaculture", None),
    "sewage": ("Gestion des eaux", "Station d'épuration", None),
    "school": ("Science et enseignement", "Enseignement primaire", None),
    "sports": ("Sport", "Stade", None),
    "square": ("Administratif ou militaire", "Mairie", None),
}


def activities(plan: Plan) -> Layer:
    """`zone_d_activite_ou_d_interet`."""
    layer = Layer("zone_d_activite_ou_d_interet", "Polygon")
    for s in plan.surfaces:
        if s.tag in _ACTIVITIES and s.cs and s.years & SECOND:
            category, nature, detail = _ACTIVITIES[s.tag]
            layer.add(
                s.geometry,
                categorie=category,
                nature=nature,
                nature_detaillee=detail,
                toponyme=None,
                importance="5",
                fictif=False,
                etat_de_l_objet=_SERVICE,
            )
    return layer


def simple_layers(plan: Plan) -> list[Layer]:
    """`equipement_de_transport`, `cimetiere` and `terrain_de_sport`."""
    wanted: tuple[tuple[str, str, Record], ...] = (
        (
            "equipement_de_transport",
            "parking",
            {"nature": "Parking", "nature_detaillee": None, "importance": "5"},
        ),
        ("cimetiere", "cemetery", {"nature": "Civil", "nature_detaillee": None, "importance": "5"}),
        (
            "terrain_de_sport",
            "pitch",
            {"nature": "Grand terrain de sport", "nature_detaillee": "Terrain de football"},
        ),
    )
    return [_tagged(plan, name, tag, record) for name, tag, record in wanted]


def _tagged(plan: Plan, name: str, tag: str, record: Record) -> Layer:
    layer = Layer(name, "Polygon")
    for s in _second(plan, tag):
        layer.add(s.geometry, **record, etat_de_l_objet=_SERVICE)
    return layer


def _second(plan: Plan, tag: str) -> list[Surface]:
    return [s for s in plan.surfaces if s.tag == tag and s.years & SECOND]
