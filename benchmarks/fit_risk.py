# SPDX-License-Identifier: GPL-2.0-or-later
"""Fits the chance of an error to communes whose truth is known, and puts it into the profile.

    python -m benchmarks.fit_risk [--dry] [--kept]

Only `CALIBRATION_SEEDS` are read. What is printed first is what the fit is worth on a commune that it did not
see: each of them is left out in turn. --dry writes nothing, --kept takes the lots of the last run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.transform import from_origin

from benchmarks.quality import CALIBRATION_SEEDS
from benchmarks.quality_lots import lot_of, lot_path, measured
from benchmarks.quality_scenes import scene_of
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.review.expected_error import chance, risk_terms
from inference_backend.postprocess.types import LandCover
from inference_backend.quality.calibration import reliability
from inference_backend.quality.queue_value import errors_in_head
from inference_backend.quality.risk_fit import fit_risk
from inference_backend.vector_reading import read_vector

FLOATS = NDArray[np.float64]
PENALTY = 1.0
OF_SCORES = ("score", "score_of_imposed", "second_class", "undecided")
GIVEN = {"undecided": 2.0}
"""Not fitted: the communes have hardly an undecided pixel. A polygon without any class is likely wrong."""
WORSE = ("score", "score_of_imposed", "second_class", "merged", "disagrees", "use")
DIGITS = 3


@dataclass(frozen=True)
class Commune:
    """What a commune teaches: terms of its polygons, and how much of each is wrong."""

    terms: dict[str, FLOATS]
    wrong_m2: FLOATS
    area_m2: FLOATS


def commune_of(seed: int, profile: Profile) -> Commune:
    """Post-process one commune and compare with its truth."""
    scene = scene_of(seed)
    path = lot_path(scene, "final")
    lot = measured(path, scene) if "--kept" in sys.argv else lot_of(scene, "final", profile)
    geometry, columns = read_vector(path, "occupation_sol")
    cover = LandCover(geometry, dict(columns), Grid(1, 1, from_origin(0, 1, 1, 1), None))
    return Commune(risk_terms(cover, profile), lot.errors.wrong_m2, lot.errors.area_m2)


def fitted(communes: Sequence[Commune], without: tuple[str, ...] = ()) -> dict[str, float]:
    """Coefficients over several communes, some terms left out."""
    names = sorted({name for commune in communes for name in commune.terms} - set(without))
    terms = {name: np.concatenate([_term(c, name) for c in communes]) for name in names}
    wrong, area = (np.concatenate([getattr(c, key) for c in communes]) for key in ("wrong_m2", "area_m2"))
    return fit_risk(
        terms,
        np.clip(wrong / area, 0, 1),
        area,
        penalty=PENALTY,
        given={name: value for name, value in GIVEN.items() if name not in without},
        never_negative=WORSE,
    )


def _term(commune: Commune, name: str) -> FLOATS:
    return commune.terms.get(name, np.zeros(len(commune.area_m2)))


def left_out(communes: Sequence[Commune], without: tuple[str, ...] = ()) -> str:
    """What coefficients from all other communes are worth on each."""
    chances, heads = [], []
    for k, commune in enumerate(communes):
        others = [c for i, c in enumerate(communes) if i != k]
        found = chance(commune.terms, fitted(others, without))
        order = np.argsort(-found * commune.area_m2, kind="stable")
        heads.append(errors_in_head(order, commune.wrong_m2, 0.1))
        chances.append(found)
    wrong, area = (np.concatenate([getattr(c, key) for c in communes]) for key in ("wrong_m2", "area_m2"))
    error = reliability(np.concatenate(chances), wrong, area).error
    return f"calibration error {error:.3f}, errors in the first tenth {np.mean(heads):.3f}"


def main() -> int:
    profile = Profile.load()
    communes = [commune_of(seed, profile) for seed in CALIBRATION_SEEDS]
    print("left out, with scores:", left_out(communes))
    print("left out, without scores:", left_out(communes, OF_SCORES))
    if "--dry" not in sys.argv:
        write(profile, fitted(communes), fitted(communes, OF_SCORES))
    return 0


def write(profile: Profile, with_scores: dict[str, float], without_scores: dict[str, float]) -> None:
    """Replace the coefficients in the profile."""
    rules = json.loads(profile.path.read_text(encoding="utf-8"))
    risk = rules["review"]["risk"]
    for key, found in (("with_scores", with_scores), ("without_scores", without_scores)):
        risk[key] = {name: round(value, DIGITS) for name, value in found.items()}
    with replace_when_done(profile.path) as temporary:
        temporary.write_text(json.dumps(rules, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
