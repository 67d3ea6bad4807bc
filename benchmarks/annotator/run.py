# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a person takes for a patch: the plugin's real tools, worked by a hand that knows the truth.

    python -m benchmarks.annotator.run build/annotator.json [WAY...]

Patches of a made commune that trained nothing, labelled to 95 % agreement by outlines alone (as today), by
segments alone, from a prediction, with the learner, and with all of them; the learner knows four finished
patches. Each way has a QGIS of its own. Needs QGIS, Xvfb, openbox, and `.venv/bin/ocsge` for the scene, the
prediction and the live service.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.ui.run import ROOT, make_scene, run_part

HERE = Path(__file__).resolve().parent
NEEDS_PREDICTION = {
    "polygon": False,
    "segments": False,
    "prelabel": True,
    "learner": False,
    "all": True,
    "all_at_first": True,
}
"""Ways, and whether the image was predicted; `all_at_first` is `all` before any patch is finished."""
PATCHES = ("r0001_c0006", "r0003_c0002", "r0004_c0004", "r0006_c0005")
"""A field's edge, houses with gardens twice, and a mixed one; chosen by place before any was labelled."""
EARLIER = ("r0000_c0003", "r0002_c0005", "r0005_c0001", "r0007_c0006")
"""Patches that were finished before: a campaign has hundreds, and its learner knows them."""
LIMIT_S = 3000


def predict(image: Path) -> Path:
    """The embedded model's prediction of the commune; kept between runs."""
    target = image.parent / "prediction.tif"
    if not target.exists():
        height = image.with_name(image.name.replace("ortho", "height"))
        command = [ROOT / ".venv" / "bin" / "ocsge", "predict", image, height, "--output", target]
        subprocess.run(command, check=True)
    return target


def summary(figures: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """Mean seconds per patch of each way, as flat keys, and the ratios that matter."""
    means = {
        f"klm_{name}_s": round(statistics.fmean(float(patch["seconds"]) for patch in patches), 1)
        for name, patches in figures.items()
        if isinstance(patches, list)
    }
    everything = means.get("klm_all_s")
    if everything:
        for name in ("polygon", "segments"):
            if f"klm_{name}_s" in means:
                means[f"klm_all_vs_{name}"] = round(everything / means[f"klm_{name}_s"], 3)
    return means


def main(target: Path, names: list[str]) -> int:
    """Measure, and write after each way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    (target.parent / "ui").mkdir(exist_ok=True)
    image = make_scene(target.parent / "ui")
    prediction = predict(image)
    known = json.loads(target.read_text()) if target.exists() else {}
    figures = {name: known[name] for name in NEEDS_PREDICTION if name in known}
    failures = 0
    for name in names or list(NEEDS_PREDICTION):
        more = {
            "OCSGE_WAY": name.removesuffix("_at_first"),
            "OCSGE_EARLIER": ",".join(EARLIER) if name in ("learner", "all") else "",
            "OCSGE_PATCHES": ",".join(PATCHES),
            "OCSGE_TRUTH": image.name.replace("ortho", "labels"),
        }
        found = run_part(
            "ways",
            image,
            target,
            folder=HERE,
            more=more,
            prediction=prediction if NEEDS_PREDICTION[name] else None,
            limit_s=LIMIT_S,
        )
        way = more["OCSGE_WAY"]
        if way not in found:
            failures += 1
            print(name, found)
            continue
        figures[name] = found[way]
        print(name, json.dumps(found[way]))
        target.write_text(json.dumps(summary(figures) | figures, indent=1) + "\n")
    return min(1, failures)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
