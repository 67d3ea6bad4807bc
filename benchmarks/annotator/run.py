# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a person takes for a patch: the plugin's real tools, worked by a hand that knows the truth.

    python -m benchmarks.annotator.run build/annotator.json [WAY...]

Patches of a made commune that trained nothing, labelled to 95 % agreement by outlines alone (as today), by
segments alone, from a prediction, with the learner, and with all of them; the learner knows four finished
patches. The same on real masks where OCSGE_BENCH_MASKS names a folder of them (ODEON's land-cover codes, one
date), with an image that is drawn over their outlines: keys that end in `_odeon`, null without that folder.
WAY is one for both grounds (`all`) or for the masks alone (`all_odeon`).
Each way has a QGIS of its own. Needs QGIS, Xvfb, openbox, and `.venv/bin/ocsge` for the scene, the prediction
and the live service.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ui.run import ROOT, make_scene, run_part

HERE = Path(__file__).resolve().parent
VARIABLE = "OCSGE_BENCH_MASKS"
MASKS = "_odeon"
NEEDS_PREDICTION = {
    "polygon": False,
    "segments": False,
    "prelabel": True,
    "learner": False,
    "all": True,
    "all_at_first": True,
}
"""Ways, and whether the image was predicted; `all_at_first` is `all` before any patch is finished."""
LIMIT_S = 3000


@dataclass(frozen=True)
class Ground:
    """What is labelled.

    Attributes:
        image: with its labels and heights beside it.
        patches: that are measured.
        earlier: that were finished before: a campaign has hundreds, and its learner knows them.
        suffix: of its keys.
    """

    image: Path
    patches: tuple[str, ...]
    earlier: tuple[str, ...]
    suffix: str = ""


def made_commune(folder: Path) -> Ground:
    """A field's edge, houses with gardens twice, a mixed patch; chosen by place before any was labelled."""
    return Ground(
        make_scene(folder),
        ("r0001_c0006", "r0003_c0002", "r0004_c0004", "r0006_c0005"),
        ("r0000_c0003", "r0002_c0005", "r0005_c0001", "r0007_c0006"),
    )


def real_masks(folder: Path) -> Ground | None:
    """The right half of the real masks, all of it, easy or not; the left half was finished before."""
    masks, scene = os.environ.get(VARIABLE), folder / "odeon"
    if not masks:
        return None
    if not scene.exists():
        command = [ROOT / ".venv" / "bin" / "python", "-m", "benchmarks.annotator.mask_scene", masks, scene]
        subprocess.run(command, check=True, cwd=ROOT)
    right = tuple(f"r{row:04d}_c0001" for row in range(6))
    left = tuple(f"r{row:04d}_c0000" for row in range(2, 6))
    return Ground(scene / "ortho_2022.tif", right, left, MASKS)


def predict(image: Path) -> Path:
    """The embedded model's prediction of an image; kept between runs."""
    target = image.parent / "prediction.tif"
    if not target.exists():
        height = image.with_name(image.name.replace("ortho", "height"))
        command = [ROOT / ".venv" / "bin" / "ocsge", "predict", image, height, "--output", target]
        subprocess.run([*command, "--resample"], check=True)
    return target


def measure(ground: Ground, name: str, target: Path) -> dict[str, object]:
    """Label the patches of a ground by one way: {way: patch by patch}, or why there is nothing."""
    way = name.removesuffix("_at_first")
    more = {
        "OCSGE_WAY": way,
        "OCSGE_EARLIER": ",".join(ground.earlier) if name in ("learner", "all") else "",
        "OCSGE_PATCHES": ",".join(ground.patches),
        "OCSGE_TRUTH": ground.image.name.replace("ortho", "labels"),
        "OCSGE_PICTURE": f"{name}{ground.suffix}",
    }
    prediction = predict(ground.image) if NEEDS_PREDICTION[name] else None
    return run_part(
        "ways", ground.image, target, folder=HERE, more=more, prediction=prediction, limit_s=LIMIT_S
    )


def summary(figures: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """Mean seconds per patch of each way, as flat keys, and the ratios that matter; null what is unknown."""
    means: dict[str, float | None] = {}
    for suffix in ("", MASKS):
        for name in NEEDS_PREDICTION:
            seconds = [float(patch["seconds"]) for patch in figures.get(f"{name}{suffix}", [])]
            means[f"klm_{name}_s{suffix}"] = round(statistics.fmean(seconds), 1) if seconds else None
        everything = means[f"klm_all_s{suffix}"]
        for name in ("polygon", "segments"):
            other = means[f"klm_{name}_s{suffix}"]
            ratio = round(everything / other, 3) if everything and other else None
            means[f"klm_all_vs_{name}{suffix}"] = ratio
    return means


def main(target: Path, names: list[str]) -> int:
    """Measure, and write after each way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.parent / "ui"
    folder.mkdir(exist_ok=True)
    grounds = [ground for ground in (made_commune(folder), real_masks(folder)) if ground is not None]
    known = json.loads(target.read_text()) if target.exists() else {}
    kept = [f"{name}{suffix}" for name in NEEDS_PREDICTION for suffix in ("", MASKS)]
    figures = {name: known[name] for name in kept if name in known}
    failures = 0
    for ground in grounds:
        for name in NEEDS_PREDICTION:
            if names and not {name, f"{name}{ground.suffix}"} & set(names):
                continue
            found = measure(ground, name, target)
            patches = found.get(name.removesuffix("_at_first"))
            print(f"{name}{ground.suffix}", json.dumps(patches or found), flush=True)
            failures += patches is None
            if patches is not None:
                figures[f"{name}{ground.suffix}"] = patches
                target.write_text(json.dumps(summary(figures) | figures, indent=1) + "\n")
    return min(1, failures)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
