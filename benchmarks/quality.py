# SPDX-License-Identifier: GPL-2.0-or-later
"""`make bench-quality`: how good lots are on communes that nothing was fitted or tuned on.

    python -m benchmarks.quality build/quality.json [SEED ...]

Each figure is a mean over communes of equal area, with `_low` and `_high`: the 95 % interval of Student's t
over the communes. `EVALUATION_SEEDS` must not be looked at to choose a rule or a number: for that there are
`CALIBRATION_SEEDS`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.figures import Figures
from benchmarks.quality_lots import MeasuredLot, model_accuracy, steps_of
from benchmarks.quality_scenes import ROOT, QualityScene, scene_of
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.profile import Profile
from inference_backend.quality.calibration import reliability
from inference_backend.quality.queue_value import errors_in_head, queue_value

CALIBRATION_SEEDS = tuple(range(4000, 4012))
EVALUATION_SEEDS = tuple(range(5000, 5008))
HEADS = (5, 10, 20)
"""Parts of the lot's polygons that are looked at, %."""
FLOATS = NDArray[np.float64]


def scene_figures(scene: QualityScene, profile: Profile) -> tuple[dict[str, float], MeasuredLot]:
    """Figures of one commune, and its finished lot."""
    cs, us = model_accuracy(scene, profile)
    found = {"cs_accuracy_model": cs, "us_accuracy_model": us}
    lots = steps_of(scene, profile)
    for step, lot in lots.items():
        found |= {f"cs_accuracy_{step}": lot.cs_accuracy, f"us_accuracy_{step}": lot.us_accuracy}
    found["cs_accuracy_gain"] = found["cs_accuracy_final"] - cs
    return found | queue_figures(lots["final"]), lots["final"]


def queue_figures(lot: MeasuredLot) -> dict[str, float]:
    """What the queue's head holds, against other orders of the same polygons."""
    errors = lot.errors
    value = queue_value(lot.queue, errors.wrong_m2, errors.area_m2)
    score = np.nan_to_num(lot.columns["confidence"].astype(np.float64), nan=1.0)
    top1 = np.argsort(score, kind="stable")
    largest = np.argsort(-errors.area_m2, kind="stable")
    found = {
        "error_share": float(errors.wrong_m2.sum() / errors.area_m2.sum()),
        "review_share_of_polygons": value.share_of_polygons,
        "review_share_of_area": value.share_of_area,
        "queue_error_share_whole": value.errors_in_queue,
        "queue_error_share_10pct_of_items": value.head_errors,
        "queue_area_share_10pct_of_items": value.head_area,
        "queue_error_share_10pct_of_area": value.tenth_of_area_errors,
    }
    for head in HEADS:
        orders: dict[str, Sequence[int] | NDArray[np.int64]] = {
            "": lot.queue,
            "_top1": top1,
            "_largest": largest,
        }
        for name, order in orders.items():
            found[f"queue_error_share_{head}pct{name}"] = errors_in_head(order, errors.wrong_m2, head / 100)
        found[f"queue_error_share_{head}pct_random"] = head / 100
    return found


def calibration_figures(lots: list[MeasuredLot]) -> Figures:
    """Stated chances against what was found, over all communes together."""
    chance = _joined([lot.columns["expected_error"] for lot in lots])
    wrong = _joined([lot.errors.wrong_m2 for lot in lots])
    area = _joined([lot.errors.area_m2 for lot in lots])
    table = reliability(chance, wrong, area)
    rows = zip(table.stated, table.found, table.share, strict=True)
    text = "; ".join(f"{s:.2f}: {f:.2f} ({a:.0%})" for s, f, a in rows)
    return {"calibration_error": round(table.error, 4), "calibration_stated_found_area": text}


def _joined(parts: list[NDArray[np.generic]]) -> FLOATS:
    return np.concatenate([part.astype(np.float64) for part in parts])


def with_intervals(scenes: list[dict[str, float]]) -> Figures:
    """Mean of each figure over the communes, and its 95 % interval."""
    out: Figures = {}
    for key in scenes[0]:
        values = np.array([scene[key] for scene in scenes])
        half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values) if len(values) > 1 else np.nan
        mean = float(values.mean())
        out[key] = round(mean, 4)
        if len(values) > 1 and not key.endswith("_random"):
            out |= {f"{key}_low": round(mean - half, 4), f"{key}_high": round(mean + half, 4)}
    return out


def measure(seeds: tuple[int, ...]) -> Figures:
    """All figures over the communes of `seeds`."""
    profile, found, lots = Profile.load(), [], []
    for seed in seeds:
        figures, lot = scene_figures(scene_of(seed), profile)
        found.append(figures)
        lots.append(lot)
        print(f"{seed}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)
    calibration = calibration_figures(lots) if "expected_error" in lots[0].columns else {}
    return {
        **with_intervals(found),
        **calibration,
        "communes": len(seeds),
        "seeds": " ".join(map(str, seeds)),
        "commit": _commit(),
        "measured_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def main() -> int:
    target = Path(sys.argv[1])
    seeds = tuple(map(int, sys.argv[2:])) or EVALUATION_SEEDS
    text = json.dumps(measure(seeds), indent=1, ensure_ascii=False) + "\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    with replace_when_done(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
