# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole of the annotator in the real desktop, from the campaign's form to data sets read by others.

    .venv-qgis/bin/python -m tests.qgis.annotator.desktop.tell_story FOLDER [PICTURES]

Makes a commune in FOLDER, tells `story.py` in a fresh French profile, and has the data sets read by the
readers of their formats in the backend's environment. With PICTURES, writes `annotator-*.png` there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.qgis.annotator.desktop.run_desktop import drive

ROOT = Path(__file__).resolve().parents[4]
COMMAND = ROOT / ".venv" / "bin" / "ocsge"
PYTHON = ROOT / ".venv" / "bin" / "python"
SEED = 9001
"""A commune that trained nothing."""
VIVID, EXACT_VIVID, EXACT_GREY = 24, 110, 16
"""Least difference between the channels of a colour that is no grey; colours that stay as they are."""
LARGEST_PX = (1050, 800)
DOCK_FROM = 0.69
"""Where the dock begins, as a share of the width."""


def prepare(folder: Path, size_m: int) -> Path:
    """A made commune with its prediction and the small interactive models; the folder of the commune."""
    scene = folder / "scene"
    if not (folder / "prediction.tif").exists():
        size = ["--size-m", str(size_m), "--seed", str(SEED)]
        subprocess.run([COMMAND, "scene", scene, *size], check=True, capture_output=True)
        rasters = [scene / "ortho_2022.tif", scene / "height_2022.tif"]
        command = [COMMAND, "predict", *rasters, "--output", folder / "prediction.tif"]
        subprocess.run(command, check=True, capture_output=True)
    models = folder / "data" / "interactive"
    command = [PYTHON, "-m", "scripts.interactive_models", models]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return scene


def tell(folder: Path, size_m: int, patch_px: int, *, pictures: bool) -> tuple[dict[str, object], str]:
    """The story's report and what QGIS said; campaign and data sets are in `folder/out`."""
    scene, out = prepare(folder, size_m), folder / "out"
    for old in (out, folder / "profile"):
        shutil.rmtree(old, ignore_errors=True)
    more = {
        "OCSGE_STORY_SCENE": str(scene),
        "OCSGE_STORY_PREDICTION": str(folder / "prediction.tif"),
        "OCSGE_STORY_PATCH_PX": str(patch_px),
        "OCSGE_STORY_PICTURES": "1" if pictures else "",
        "OCSGE_BACKEND": str(COMMAND),
        "OCSGE_DATA_DIR": str(folder / "data"),
    }
    return drive(folder / "profile", Path(), out, timeout_s=400, script="story.py", **more)


def read_sets(out: Path, patch: str) -> dict[str, int]:
    """Pixels of each data set that differ from what was painted, by the readers of the formats."""
    command = [PYTHON, "-m", "tests.qgis.annotator.desktop.read_sets", out, patch]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr)
    return json.loads(result.stdout.splitlines()[-1])


def shrink(shot: Path, target: Path) -> None:
    """A smaller picture with a palette that keeps the flat colours of the window, swatches above all."""
    from PIL import Image

    picture = Image.open(shot).convert("RGB")
    picture.thumbnail(LARGEST_PX, Image.Resampling.LANCZOS)
    dock = picture.crop((int(DOCK_FROM * picture.width), 0, *picture.size))
    counted = sorted(dock.getcolors(dock.width * dock.height), reverse=True)
    vivid = [rgb for _, rgb in counted if max(rgb) - min(rgb) > VIVID][:EXACT_VIVID]
    grey = [rgb for _, rgb in counted if max(rgb) - min(rgb) <= VIVID][:EXACT_GREY]
    exact = [*vivid, *grey]
    others = picture.quantize(256 - len(exact), dither=Image.Dither.NONE).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette(([value for rgb in exact for value in rgb] + others)[:768])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)


def main(folder: Path, pictures: Path | None) -> int:
    """Tell the story; 0 where every data set has every pixel as painted."""
    folder.mkdir(parents=True, exist_ok=True)
    report, output = tell(folder, 210, 512, pictures=pictures is not None)
    if "error" in report or not report:
        sys.stderr.write(str(report.get("error", output)))
        return 1
    differing = read_sets(folder / "out", str(report["accepted"]))
    sys.stdout.write(json.dumps({**report, "differing_px": differing}, indent=1) + "\n")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for shot in sorted((folder / "out").glob("annotator-*.png")):
            shrink(shot, pictures / shot.name)
    return int(any(differing.values()))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
