# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures the annotator in a real QGIS: events of mouse and keys, a fresh profile, the plugin from its zip.

    python -m benchmarks.ui.run build/ui.json [PART...]

A part is a module `part_<name>.py` beside this one, run inside QGIS; each has a QGIS of its own, so that one
that fails leaves the others alone. Needs QGIS, Xvfb and openbox, and `.venv/bin/ocsge` for the scene.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from tests.qgis.desktop import environment, make_profile, on_a_screen, qgis

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCENE_SEED = 9001
"""A commune that trained nothing."""
SCENE_M = 840
PART_LIMIT_S = 900


def make_scene(folder: Path) -> Path:
    """The image of a made commune, and its truth beside it; kept between runs."""
    image = folder / "scene" / "ortho_2022.tif"
    if not image.exists():
        command = [ROOT / ".venv" / "bin" / "ocsge", "scene", folder / "scene"]
        subprocess.run([*command, "--size-m", str(SCENE_M), "--seed", str(SCENE_SEED)], check=True)
    return image


def make_campaign(folder: Path, image_file: Path, patch_px: int) -> Path:
    """A campaign of patches that cover the image."""
    path = folder / f"campaign_{patch_px}" / "campaign.gpkg"
    image = read_image(image_file)
    cells = tuple(rank_cells(lay_cells(image.grid, patch_px, patch_px)))
    classes = physical_classes(Profile.load())
    create_campaign(CampaignPlan(path, f"Essai {patch_px}", image, "ocsge-2.0", patch_px, classes, cells))
    return path


def run_part(
    name: str,
    image: Path,
    target: Path,
    *,
    folder: Path = HERE,
    more: Mapping[str, str] | None = None,
    prediction: Path | None = None,
    limit_s: int = PART_LIMIT_S,
) -> dict[str, object]:
    """Figures of one part, or why there are none.

    Args:
        name: of the module `part_<name>.py`.
        image: of the commune.
        target: beside which pictures are kept.
        folder: in which the module is.
        more: environment of the part.
        prediction: of the image, put where the plugin looks for it; None for none.
        limit_s: after which the part is given up.
    """
    with tempfile.TemporaryDirectory(prefix="ocsge-ui-") as temporary:
        work = Path(temporary)
        campaigns = {size: make_campaign(work, image, size) for size in (512, 1024)}
        if prediction is not None:
            for path in campaigns.values():
                shutil.copy(prediction, path.with_name(f"{path.stem}_prediction.tif"))
        make_profile(work, ("ocsge_annotator",))
        given = {
            "OCSGE_UI_HERE": str(HERE),
            "OCSGE_UI_PARTS": str(folder),
            "OCSGE_UI_PART": name,
            "OCSGE_UI_OUT": str(work / "figures.json"),
            "OCSGE_UI_SCENE": str(image.parent),
            **{f"OCSGE_UI_CAMPAIGN_{size}": str(path) for size, path in campaigns.items()},
            "OCSGE_UI_PICTURES": str(target.parent / "ui"),
            "OCSGE_UI_BACKEND": str(ROOT / ".venv" / "bin" / "ocsge"),
            **(more or {}),
        }
        try:
            result = subprocess.run(
                on_a_screen(qgis(work, HERE / "drive.py")),
                env=environment(**given),
                cwd="/",
                capture_output=True,
                text=True,
                timeout=limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {f"{name}_failed": f"took longer than {limit_s} s"}
        found = work / "figures.json"
        if not found.exists():
            last = (result.stdout + result.stderr).strip().splitlines()[-1:] or ["QGIS ended"]
            return {f"{name}_failed": last[0]}
        return json.loads(found.read_text())


def main(target: Path, parts: list[str]) -> int:
    """Measure the parts and put their figures into `target`, beside those of other parts."""
    names = parts or sorted(path.stem.removeprefix("part_") for path in HERE.glob("part_*.py"))
    target.parent.mkdir(parents=True, exist_ok=True)
    (target.parent / "ui").mkdir(exist_ok=True)
    image = make_scene(target.parent / "ui")
    figures = json.loads(target.read_text()) if target.exists() else {}
    failures = 0
    for name in names:
        found = run_part(name, image, target)
        figures = {key: value for key, value in figures.items() if key != f"{name}_failed"} | found
        failures += f"{name}_failed" in found
        print(name, json.dumps(found))
        target.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    return min(1, failures)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
