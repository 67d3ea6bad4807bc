# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors of the second date, with the defects of real ones.

Positions are off by up to 1.5 m, some objects are missing, some are out of date, and one road does not
reach the network.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
import shapely.affinity
import shapely.ops
from shapely import LineString

from inference_backend.scene import bdtopo
from inference_backend.scene.bdtopo import Layer
from inference_backend.scene.plan import FIRST, SECOND, Plan
from inference_backend.scene.shapes import Rng, rectangle
from inference_backend.scene.truth import write_layer

WORST_SHIFT_M = 1.5
MISSING = {
    "batiment": 0.05,
    "zone_de_vegetation": 0.12,
    "zone_d_activite_ou_d_interet": 0.1,
    "surface_hydrographique": 0.1,
    "equipement_de_transport": 0.3,
    "parcelles_graphiques": 0.14,
}
"""Share of the objects that a layer lacks."""
NOT_YET_DRAWN = 0.5
"""Share of the objects born between the dates that a layer lacks."""
_SYSTEMATIC_M = 0.8
_CROP_GROUPS = {
    "BTH": "1",
    "MIS": "2",
    "ORH": "3",
    "CZH": "5",
    "TRN": "6",
    "LUZ": "16",
    "PPH": "18",
    "VRG": "20",
    "VRC": "21",
    "BTN": "25",
}
_FOREST = {
    "FF1-00-00": ("Forêt fermée à mélange de feuillus", "Feuillus"),
    "FF2-00-00": ("Forêt fermée à mélange de conifères", "Conifères"),
    "FF31": ("Forêt fermée à mélange de feuillus prépondérants et conifères", "Mixte"),
    "LA4": ("Lande", "NC"),
}
_PREFIX = {
    "batiment": "BATIMENT",
    "troncon_de_route": "TRONROUT",
    "troncon_de_voie_ferree": "TRONFERR",
    "surface_hydrographique": "SURF_EAU",
    "zone_de_vegetation": "ZONEVEGE",
    "zone_d_activite_ou_d_interet": "SURFACTI",
    "equipement_de_transport": "EQ_RESEA",
    "cimetiere": "CIMETIER",
    "terrain_de_sport": "TERRSPOR",
}


def write_references(folder: Path, plan: Plan, origin_m: tuple[float, float]) -> None:
    """Write `bdtopo.gpkg`, `rpg.gpkg` and `bdforet.gpkg` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([plan.seed, 5])
    for layer in bdtopo_layers(plan, rng):
        numbers = rng.permutation(10**6)[: len(layer.records)]
        for number, record in zip(numbers, layer.records, strict=True):
            record["cleabs"] = f"{_PREFIX[layer.name]}0000000{300_000_000 + int(number)}"
        _write(folder / "bdtopo.gpkg", layer, origin_m)
    _write(folder / "rpg.gpkg", rpg(plan, rng), origin_m)
    _write(folder / "bdforet.gpkg", forest(plan, rng), origin_m)


def bdtopo_layers(plan: Plan, rng: Rng) -> list[Layer]:
    """Every BD TOPO layer with its defects, in local metres."""
    built = bdtopo.buildings(plan)
    _add_demolished(built, plan, rng)
    streets = bdtopo.roads(plan)
    for layer in (built, streets):
        new = np.array([r["date_d_apparition"] == "2021-06-01" for r in layer.records], dtype=bool)
        layer.keep(~new | (rng.random(len(new)) >= NOT_YET_DRAWN))
    _disconnect_one(streets, rng)
    layers = [built, streets, bdtopo.rails(plan), bdtopo.waters(plan), bdtopo.vegetation(plan)]
    layers += [bdtopo.activities(plan), *bdtopo.simple_layers(plan)]
    for layer in layers:
        spoil(layer, rng)
    return layers


def spoil(layer: Layer, rng: Rng) -> None:
    """Lose some objects and move the others: all of a layer together, and each a little by itself."""
    count = len(layer.records)
    share = MISSING.get(layer.name, 0.0)
    lost = rng.random(count) < share
    if count > 3:
        layer.keep(~lost)
    together = rng.normal(0.0, _SYSTEMATIC_M / 2, 2)
    alone = 0.0 if layer.geometry_type == "LineString" else 0.35
    moved = []
    for shape in layer.geometry:
        shift = together + rng.normal(0.0, alone, 2)
        shift *= min(1.0, WORST_SHIFT_M / max(float(np.hypot(*shift)), 1e-9))
        moved.append(shapely.affinity.translate(shape, float(shift[0]), float(shift[1])))
    layer.geometry = moved


def _add_demolished(layer: Layer, plan: Plan, rng: Rng) -> None:
    """Buildings that no longer stand at the first date."""
    like = dict(layer.records[0]) if layer.records else {}
    solid = shapely.union_all([b.geometry for b in plan.buildings])
    for x, y in rng.uniform(20, plan.size_m - 20, (max(2, len(plan.buildings) // 80), 2)) if like else ():
        box = rectangle(float(x), float(y), float(rng.uniform(0, 3)), *rng.uniform(8, 16, 2))
        if not solid.intersects(box):
            layer.add(box, **(like | {"usage_1": "Indifférencié", "date_d_apparition": "1950-01-01"}))


def _disconnect_one(layer: Layer, rng: Rng) -> None:
    """Shorten one minor road so that it hangs a few metres before its junction."""
    minor = [
        k for k, r in enumerate(layer.records) if r["importance"] == "5" and layer.geometry[k].length > 40
    ]
    if minor:
        k = int(rng.choice(minor))
        layer.geometry[k] = shapely.ops.substring(layer.geometry[k], float(rng.uniform(4, 9)), 1e9)


def rpg(plan: Plan, rng: Rng) -> Layer:
    """`parcelles_graphiques`: what farmers declared for the second date; not all of them did."""
    layer = Layer("parcelles_graphiques", "Polygon")
    for s in plan.surfaces:
        code = s.info.get("code_cultu")
        if s.tag != "field" or not s.years & SECOND or code is None or s.geometry.area < 900:
            continue
        inner = shapely.simplify(s.geometry.buffer(-0.8, join_style="mitre"), 0.5)
        for part in shapely.get_parts(inner):
            if part.geom_type == "Polygon" and part.area > 500:
                layer.add(
                    part,
                    id_parcel=str(7_000_000 + len(layer.records)),
                    surf_parc=round(part.area / 1e4, 2),
                    code_cultu=str(code),
                    code_group=_CROP_GROUPS[str(code)],
                    culture_d1=None,
                    culture_d2=None,
                )
    spoil(layer, rng)
    return layer


def forest(plan: Plan, rng: Rng) -> Layer:
    """`formation_vegetale`, mapped before the first date: half a hectare at least, felled stands included."""
    layer = Layer("formation_vegetale", "Polygon")
    for s in plan.surfaces:
        code = s.info.get("code_tfv") if s.tag == "forest" else ("LA4" if s.tag == "heath" else None)
        if code is None or not s.years & FIRST or s.geometry.area < 5_000:
            continue
        name, species = _FOREST[str(code)]
        layer.add(
            s.geometry,
            id=f"FORVEGE{len(layer.records) + 1:09d}",
            code_tfv=str(code),
            tfv=name,
            tfv_g11=name.split(" à ")[0],
            essence=species,
        )
    spoil(layer, rng)
    return layer


def _write(path: Path, layer: Layer, origin_m: tuple[float, float]) -> None:
    if not layer.records:
        return
    columns: dict[str, list[object]] = {
        key: [record[key] for record in layer.records] for key in sorted(layer.records[0], key=_first_cleabs)
    }
    shapes = [g for g in layer.geometry if isinstance(g, LineString) or not g.is_empty]
    write_layer(path, layer.name, shapes, columns, origin_m, layer.geometry_type)


def _first_cleabs(name: str) -> tuple[bool, bool, str]:
    return name != "cleabs", name != "nature", name
