# SPDX-License-Identifier: GPL-2.0-or-later
"""The real QGIS desktop on a virtual screen, in a fresh French profile with the plugin's zip installed.

    python -m tests.qgis.pi_review.desktop.real_qgis LOT PICTURE [--image ORTHO] [--item RANK]

LOT is copied first: the run edits it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageColor

from inference_backend.contracts.profile import Profile
from tests.qgis.desktop import environment, make_profile, on_a_screen, qgis

PLUGIN = "ocsge_pi_review"
PAGE_WIDTH_PX = 1600
INTERFACE_COLOURS = ("#00e5ff", "#9ccbec", "#308cc6", "#d73027", "#fdae61", "#66bd63", "#ffffff", "#efefef")
DRIVER = Path(__file__).with_name("drive_review.py")
SETTINGS = "\n[ocsge]\nreview\\operator=essai\n"


def install(profile: Path) -> None:
    """Write a profile folder as QGIS finds it after the zip was installed."""
    make_profile(profile, (PLUGIN,), SETTINGS)


def review_in_qgis(
    lot: Path, folder: Path, picture: Path | None, image: Path | None = None, item: int = 0
) -> dict[str, Any]:
    """Run the driver on `lot`; returns its report with QGIS's output under `output`."""
    profile, report = folder / "profile", folder / "report.json"
    install(profile)
    told = {"OCSGE_LOT": str(lot), "OCSGE_REPORT": str(report), "OCSGE_ITEM": str(item)}
    told |= {"OCSGE_PNG": str(picture)} if picture else {}
    told |= {"OCSGE_IMAGE": str(image)} if image else {}
    done = subprocess.run(
        on_a_screen(qgis(profile, DRIVER)),
        env=environment(**told),
        capture_output=True,
        text=True,
        timeout=400,
        cwd=folder,
        check=False,
    )
    answer = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {"ok": False}
    return {**answer, "output": (done.stdout + done.stderr)[-4000:]}


def shrink(picture: Path, exact: tuple[str, ...] = ()) -> None:
    """Make a picture small enough for a page: 256 colours, the official ones and `exact` among them."""
    image = Image.open(picture).convert("RGB")
    width = min(PAGE_WIDTH_PX, image.width)
    height = round(image.height * width / image.width)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    official = [ImageColor.getrgb(code.colour) for code in Profile.load().nomenclature.codes]
    kept = list(dict.fromkeys([*official, *map(ImageColor.getrgb, (*INTERFACE_COLOURS, *exact))]))
    others = small.quantize(256 - len(kept)).getpalette()[: 3 * (256 - len(kept))]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*others, *(value for colour in kept for value in colour)])
    small.quantize(palette=palette, dither=Image.Dither.NONE).save(picture, optimize=True)


def main() -> int:
    """Take a picture for the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lot", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--image", type=Path)
    parser.add_argument("--item", type=int, default=12)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lot = Path(shutil.copy(args.lot, Path(folder) / args.lot.name))
        image = args.image.resolve() if args.image else None
        report = review_in_qgis(lot, Path(folder), args.picture.resolve(), image, args.item)
    for picture in args.picture.parent.glob(f"{args.picture.stem}*.png"):
        shrink(picture)
    sys.stdout.write(f"{report.get('error') or report.get('journal') or report['output']}\n")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
