# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots of communes that nothing was fitted on, and how right a lot is: run by the backend's Python.

python -m benchmarks.review.lots make SEED LOT
python -m benchmarks.review.lots judge SEED LOT ...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.quality_scenes import scene_of
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.quality.lot_errors import LotErrors, lot_errors
from inference_backend.quality.ocsge_layer import read_layer


def main() -> int:
    """Answer in one line of JSON."""
    what, seed, *paths = sys.argv[1:]
    scene = scene_of(int(seed))
    if what == "make":
        lot = Path(paths[0])
        lot.unlink(missing_ok=True)
        postprocess(scene.prediction, (scene.references,), lot, profile=Profile.load(), millesime="2022")
        print(json.dumps(f"{scene.truth}|layername={scene.truth_layer}"))
        return 0
    truth = read_layer(scene.truth, scene.truth_layer)
    print(json.dumps([accuracy(lot_errors(read_layer(Path(path)), truth)) for path in paths]))
    return 0


def accuracy(errors: LotErrors) -> dict[str, float]:
    """Shares of the area whose cover and whose use are right."""
    area_m2 = errors.area_m2.sum()
    return {
        "cs": float(1 - errors.cs_wrong_m2.sum() / area_m2),
        "us": float(1 - errors.us_wrong_m2.sum() / area_m2),
    }


if __name__ == "__main__":
    raise SystemExit(main())
