# SPDX-License-Identifier: GPL-2.0-or-later
"""Renews the annotator's pictures of the README in the real desktop.

    python -m tests.qgis.annotator.desktop.make_pictures CAMPAIGN PATCH_ID FOLDER

The campaign should be pre-labelled; work on a copy, since the driver saves.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.qgis.annotator.desktop.run_desktop import drive

CANVAS_COLOURS = 126
WINDOW_COLOURS = 130
VIVID = 24
"""Least difference between the channels of a colour that is no grey."""
PICTURES = ("annotator",)


def main(campaign: Path, patch_id: str, folder: Path) -> int:
    """Take the pictures and write them with a palette, a third of the size."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        report, output = drive(work / "profile", campaign, work / "out", OCSGE_DRIVE_PATCH=patch_id)
        if "error" in report or not report:
            sys.stderr.write(str(report.get("error", output)))
            return 1
        folder.mkdir(parents=True, exist_ok=True)
        for picture in PICTURES:
            shot = Image.open(work / "out" / f"{picture}.png").convert("RGB")
            compress(shot, tuple(report["canvas"])).save(folder / f"{picture}.png", optimize=True)
    return 0


def compress(shot: Image.Image, canvas: tuple[int, int, int, int]) -> Image.Image:
    """The picture with 256 colours; those of the window, class swatches included, stay exact.

    Args:
        shot: RGB.
        canvas: (left, top, right, bottom) of the map, px.
    """
    window = shot.copy()
    window.paste((255, 255, 255), canvas)
    exact = sorted(window.getcolors(shot.width * shot.height), reverse=True)
    # Swatches are small: by number alone the many greys of smoothed letters would push them out.
    vivid = [entry for entry in exact if max(entry[1]) - min(entry[1]) > VIVID]
    grey = [entry for entry in exact if max(entry[1]) - min(entry[1]) <= VIVID]
    exact = vivid[: WINDOW_COLOURS // 2] + grey[: WINDOW_COLOURS - WINDOW_COLOURS // 2]
    colours = [value for _, rgb in exact for value in rgb]
    view = shot.crop(canvas).quantize(CANVAS_COLOURS, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette((colours + view.getpalette()[: 3 * CANVAS_COLOURS])[:768])
    return shot.quantize(palette=palette, dither=Image.Dither.NONE)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
