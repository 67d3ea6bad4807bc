# SPDX-License-Identifier: GPL-2.0-or-later
"""A country in the middle of its production: 101 départements of 100 lots, fourteen months in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from benchmarks.production.made import FIRST_DAY, MadeControl, MadeLot, make_lot
from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.lot import LotState

DEPARTEMENTS, LOTS = 101, 100
SIDE_M, ACROSS = 7_500.0, 10
DAYS = 446.0
WEST, NORTH = 220_000.0, 7_000_000.0
OVERSEAS, OVERSEAS_CRS, OVERSEAS_PLACE = "974", "EPSG:2975", (315_000.0, 7_690_000.0)
COMPANIES = {
    "Prestataire A": ["anne", "bruno"],
    "Prestataire B": ["chloe"],
    "Prestataire C": ["david", "emma"],
}
_STEP_DAYS = 10.0
_DEPARTEMENT_EVERY_DAYS, _LOT_EVERY_DAYS = 4.2, 0.7
_ROW = 11


def make_production(folder: Path, departements: int = DEPARTEMENTS, lots: int = LOTS) -> Path:
    """Write the lots and the production file; what is there already is kept."""
    done = folder / "production.json"
    if done.exists():
        return done
    for code, lot in made_lots(departements, lots):
        path = folder / code / f"{lot.name}.gpkg"
        if not path.exists():
            make_lot(path, lot)
    _outlines(folder, departements)
    _timesheet(folder, departements)
    done.write_text(
        json.dumps(_production(departements, lots), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return done


def made_lots(departements: int, lots: int) -> Iterator[tuple[str, MadeLot]]:
    """Every lot with the code of its département, the same at every call."""
    people = [person for company in COMPANIES.values() for person in company]
    for place in range(departements):
        code, (west, north), crs = _ground(place)
        random = np.random.default_rng(place)
        for number in range(lots):
            started = place * _DEPARTEMENT_EVERY_DAYS + number * _LOT_EVERY_DAYS
            person = people[(place + number // 25) % len(people)]
            state, controls = _stage(DAYS - started, random)
            yield (
                code,
                MadeLot(
                    name=f"{code}_{number + 1:03d}",
                    west=west + number % ACROSS * SIDE_M,
                    north=north - number // ACROSS * SIDE_M,
                    crs=crs,
                    side_m=SIDE_M,
                    polygons=6,
                    state=state,
                    started=started,
                    operators=(person,),
                    assigned_to=person,
                    decided=_decided(state),
                    changed=(0.2, 0.3, 0.4)[place % 3],
                    controls=controls,
                    remarks=_remarks(state, random) if number % 5 == 0 else (),
                    seed=place % 3,
                ),
            )


def _stage(age_days: float, random: np.random.Generator) -> tuple[LotState, tuple[MadeControl, ...]]:
    """Where a lot is so many days after its start, with the controls that it had."""
    cs = float(np.clip(random.normal(0.957, 0.012), 0, 1))
    us = float(np.clip(random.normal(0.925, 0.015), 0, 1))
    good = MadeControl(cs=cs, us=us, errors=int(200 * (1 - cs) + 200 * (1 - us)))
    bad = MadeControl(Verdict.REJECTED.value, cs - 0.05, us - 0.06, 0.018, errors=42)
    if age_days < 0:
        return LotState.PREPARED, ()
    step = int(age_days // _STEP_DAYS)
    early = (LotState.ASSIGNED, LotState.IN_INTERPRETATION, LotState.DELIVERED, LotState.IN_CONTROL)
    if step < len(early):
        return early[step], ()
    if random.random() < 0.08:
        return (LotState.ACCEPTED, (bad, good)) if age_days > 80 else (LotState.REJECTED, (bad,))
    return LotState.ACCEPTED, (good,)


def _decided(state: LotState) -> float:
    return {LotState.PREPARED: 0.0, LotState.ASSIGNED: 0.0, LotState.IN_INTERPRETATION: 0.5}.get(state, 1.0)


def _remarks(
    state: LotState, random: np.random.Generator
) -> tuple[tuple[float | None, str, str | None], ...]:
    if state is not LotState.ACCEPTED:
        return ()
    answers = (
        ("valid", "corrected"), ("valid0", "already_right"), ("reject", "below_threshold"),
        ("reject", "later_than_image"), ("reject0", "unrelated"), ("submit", None),
    )  # fmt: skip
    status, motive = answers[int(random.integers(len(answers)))]
    days = None if motive is None else float(np.round(random.gamma(4, 4), 1))
    return ((days, status, motive),)


def _ground(place: int) -> tuple[str, tuple[float, float], str]:
    """Code, upper left corner and coordinate system of a département."""
    if place == DEPARTEMENTS - 1:
        return OVERSEAS, OVERSEAS_PLACE, OVERSEAS_CRS
    wide = ACROSS * SIDE_M
    return f"{place + 1:02d}", (WEST + place % _ROW * wide, NORTH - place // _ROW * wide), "EPSG:2154"


def _outlines(folder: Path, departements: int) -> None:
    wide = ACROSS * SIDE_M
    shapes, codes = [], []
    for place in range(departements):
        code, (west, north), crs = _ground(place)
        if crs == "EPSG:2154":
            shapes.append(shapely.box(west, north - wide, west + wide, north))
            codes.append(code)
    pyogrio.raw.write(
        folder / "outlines.gpkg",
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(codes, dtype=object)],
        ["code_insee"],
        layer="departement",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:2154",
    )


def _timesheet(folder: Path, departements: int) -> None:
    with (folder / "hours.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["departement", "role", "hours"])
        for place in range(departements):
            begun = min(max((DAYS - place * _DEPARTEMENT_EVERY_DAYS) / 110.0, 0.0), 1.0)
            # Experience: each département takes less time than the one before.
            effort = (4_900 if place == 0 else 4_600 if place < 3 else 3_500 + 900 * 0.96**place) * begun
            rows.writerow([_ground(place)[0], "interpreter", f"{effort:.0f}"])
            rows.writerow([_ground(place)[0], "management", f"{250 * begun:.0f}"])


def _production(departements: int, lots: int) -> dict[str, object]:
    area = lots * SIDE_M**2 / 1e6
    total = departements * area
    # Plan made at the start: slow first months, then a steady pace.
    steps = ((0, 0.0), (60, 0.02), (180, 0.25), (446, 0.86), (515, 1.0))
    return {
        "format": "ocsge-production/1",
        "name": "OCS GE, production de démonstration",
        "departements": [
            {
                "code": _ground(place)[0],
                "name": "Outre-mer" if place == DEPARTEMENTS - 1 else f"Département {_ground(place)[0]}",
                "area_km2": area,
                "lots": [f"{_ground(place)[0]}/*.gpkg"],
            }
            for place in range(departements)
        ],
        "plan": [
            {"date": (FIRST_DAY + timedelta(days=days)).date().isoformat(), "km2": round(total * share)}
            for days, share in steps
        ],
        "roles": {
            "interpreter": {"eur_h": 36, "hours": "timesheet"},
            "controller": {"eur_h": 48, "hours": "journals"},
            "management": {"eur_h": 60, "hours": "timesheet"},
        },
        "timesheet": "hours.csv",
        "fixed_costs": [{"label": "Serveurs", "eur": 2_500 * departements}],
        "subcontractors": COMPANIES,
        "outlines": {"file": "outlines.gpkg", "code_column": "code_insee"},
        "targets": {"cs_accuracy": 0.95, "us_accuracy": 0.9},
    }
