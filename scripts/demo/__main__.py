# SPDX-License-Identifier: GPL-2.0-or-later
"""`make demo`: from an ortho-image to a lot, with figures against the truth, pictures and a QGIS project.

python -m scripts.demo FOLDER
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import rasterio

from inference_backend.cli.console import table
from inference_backend.cli.language import choose, detect_language, use_language
from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.profile import Profile
from scripts.demo import campaign, figures, pictures, project, steps

CRS = "EPSG:2154"


def main() -> int:
    """Run the demo into the folder of the command line."""
    use_language(detect_language(os.environ))
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    profile = Profile.load()
    timings = steps.run_steps(steps.steps(folder))
    sources = pictures.Sources(
        folder / "scene" / f"ortho_{steps.MILLESIME}.tif",
        folder / "scene" / "truth.gpkg",
        f"truth_{steps.MILLESIME}",
        folder / "lot.gpkg",
        profile.nomenclature,
    )
    rows = figures.measure(sources.lot, sources.truth, sources.truth_layer, profile)
    drawn = time.monotonic()
    draw(folder, sources)
    campaign.write_campaign(folder / "campaign" / "campaign.gpkg", sources.image, profile)
    write_project(folder, sources.image)
    timings.append(steps.Timing("pictures", time.monotonic() - drawn, 0))
    rows += [(f"{choose('time of', 'durée de')} {t.name}", f"{t.seconds:.1f} s") for t in timings]
    rows.append((choose("total time", "durée totale"), f"{time.monotonic() - started:.1f} s"))
    print("\n" + table(rows))
    (folder / "figures.txt").write_text(table(rows) + "\n", encoding="utf-8")
    return 0


def draw(folder: Path, sources: pictures.Sources) -> None:
    """The sheet of the whole commune, and each picture close up."""
    with rasterio.open(sources.image) as image:
        whole = tuple(image.bounds)
    pictures.draw_sheet(sources, whole, folder / "demo.png", "Commune synthétique, 1 km²")
    (folder / "pictures").mkdir()
    box = pictures.busiest_box(sources)
    pictures.draw_sheet(sources, box, folder / "pictures" / "close_up.png", "Vue rapprochée")
    pictures.draw_pictures(sources, box, folder / "pictures")


def write_project(folder: Path, image: Path) -> None:
    """A QGIS project of the lot over its photographs."""
    styles = resources_dir() / "styles"
    with rasterio.open(image) as source:
        extent = tuple(source.bounds)
    lot = "lot.gpkg|layername="
    layers = [
        project.Layer(
            "review_item", "File de reprise", f"{lot}review_item", "Point", styles / "review_item.qml"
        ),
        project.Layer(
            "zone_construite",
            "Zone construite",
            f"{lot}zone_construite",
            "Polygon",
            styles / "zone_construite.qml",
        ),
        project.Layer(
            "occupation_sol", "Couverture du sol", f"{lot}occupation_sol", "Polygon", styles / "cover.qml"
        ),
        project.Layer(
            "occupation_sol_use",
            "Usage du sol",
            f"{lot}occupation_sol",
            "Polygon",
            styles / "use.qml",
            visible=False,
        ),
        project.Layer(
            "occupation_sol_confidence",
            "Confiance",
            f"{lot}occupation_sol",
            "Polygon",
            styles / "confidence.qml",
            visible=False,
        ),
        project.Layer(
            "patch", "Dalles à annoter", "campaign/campaign.gpkg|layername=patch", "Polygon", visible=False
        ),
        project.Layer("ortho_2022", "Orthophotographie 2022", "scene/ortho_2022.tif"),
        project.Layer(
            "ortho_2022_irc",
            "Orthophotographie 2022, infrarouge",
            "scene/ortho_2022.tif",
            bands=(4, 1, 2),
            visible=False,
        ),
        project.Layer("ortho_2019", "Orthophotographie 2019", "scene/ortho_2019.tif", visible=False),
    ]
    project.write_project(folder / "demo.qgz", "OCS GE : démonstration", layers, extent, CRS)


if __name__ == "__main__":
    raise SystemExit(main())
