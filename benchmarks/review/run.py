# SPDX-License-Identifier: GPL-2.0-or-later
"""How few gestures a review takes: the whole queue of made communes, decided by one who knows the truth.

    python -m benchmarks.review.run build/review.json [SEED...]

The interpreter drives the real plugin in the real QGIS by keys and mouse; each correction is also counted as
QGIS alone would need it. Seconds by the keystroke-level model, looking and thinking about the ground left out
on both sides. Communes are those of `make bench-quality` that no rule was chosen by.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.ui_review.run import BACKEND, ROOT, run_part

HERE = Path(__file__).resolve().parent
SEEDS = tuple(range(5000, 5008))
SECONDS = ("ours_s", "plain_s", "prepared_s")


def lots(*arguments: object) -> object:
    """What `benchmarks.review.lots` answers."""
    command = [BACKEND / "python", "-m", "benchmarks.review.lots", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def decide(seed: int, target: Path) -> dict[str, object]:
    """One commune: its records, and how right its lot is before, after a tenth, and at the end."""
    with tempfile.TemporaryDirectory(prefix="ocsge-review-") as temporary:
        work = Path(temporary)
        lot, tenth, end = (work / name for name in ("lot.gpkg", "tenth.gpkg", "end.gpkg"))
        truth = lots("make", seed, lot)
        begin = work / "begin.gpkg"
        begin.write_bytes(lot.read_bytes())
        more = {"OCSGE_LOT": str(lot), "OCSGE_TRUTH": str(truth), "OCSGE_SEED": str(seed)}
        more |= {"OCSGE_TENTH": str(tenth), "OCSGE_END": str(end)}
        found = run_part("interpreter", "interpreter", more, work, target, HERE)
        if "records" not in found:
            return found
        before, after, last = lots("judge", seed, begin, tenth, end)
        return found | {"seed": seed, "before": before, "after_tenth": after, "end": last}


def summary(communes: list[dict]) -> dict[str, object]:
    """Flat figures over all items of all communes; accuracies are means of communes of equal area."""
    records = [record for commune in communes for record in commune["records"]]
    right = [record["gestures"] for record in records if set(record["kinds"]) == {"accept"}]
    ours, plain, prepared = (sum(record[key] for record in records) for key in SECONDS)
    figures: dict[str, object] = {
        "review_communes": len(communes),
        "review_items": len(records),
        "review_refused": sum(commune["refused"] for commune in communes),
        "gestures_when_right": round(statistics.fmean(right), 3) if right else None,
        "gestures_median": statistics.median(record["gestures"] for record in records),
        "gestures_mean": round(statistics.fmean(record["gestures"] for record in records), 2),
        "klm_s_per_item": round(ours / len(records), 2),
        "klm_plain_qgis_s_per_item": round(plain / len(records), 2),
        "klm_prepared_qgis_s_per_item": round(prepared / len(records), 2),
        "klm_vs_plain_qgis": round(ours / plain, 3),
        "klm_vs_prepared_qgis": round(ours / prepared, 3),
        "items_right_share": round(len(right) / len(records), 3),
    }
    for code in ("cs", "us"):
        for moment, name in (("before", "before"), ("after_tenth", "after_10pct"), ("end", "after_all")):
            mean = statistics.fmean(commune[moment][code] for commune in communes)
            figures[f"{code}_accuracy_{name}"] = round(mean, 4)
    for kind in ("accept", "codes", "split", "reshape", "insert", "left"):
        some = [record for record in records if kind in record["kinds"]]
        figures[f"review_items_{kind}"] = len(some)
        if some:
            figures[f"gestures_median_{kind}"] = statistics.median(record["gestures"] for record in some)
            ours, plain, prepared = (sum(record[key] for record in some) for key in SECONDS)
            figures[f"klm_vs_plain_qgis_{kind}"] = round(ours / plain, 3)
            figures[f"klm_vs_prepared_qgis_{kind}"] = round(ours / prepared, 3)
    return figures


def main(target: Path, seeds: list[int]) -> int:
    """Decide the queues and write after each commune."""
    (target.parent / "ui").mkdir(parents=True, exist_ok=True)
    communes = []
    for seed in seeds or SEEDS:
        found = decide(seed, target)
        if "records" not in found:
            print(seed, found)
            return 1
        communes.append(found)
        figures = summary(communes)
        print(seed, json.dumps(figures), flush=True)
        target.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), [int(text) for text in sys.argv[2:]]))
