# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin from its zip in the real QGIS desktop, in French, on an image made here."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from inference_backend.contracts.campaign import PatchState
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign, read_campaign
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from scripts.build_zips import write_zip, zip_entries
from tests.qgis.annotator.conftest import write_raster
from tests.qgis.annotator.desktop.run_desktop import drive
from tests.qgis.annotator.desktop.tell_story import read_sets, tell

NEEDED = ("qgis", "xvfb-run", "openbox")
BACKEND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
TOOLS = {
    *("brush", "eraser", "polygon", "building", "line", "fill", "wand", "gaps", "specks", "smooth", "copy"),
    *("hints", "segment", "interactive", "learner", "prediction by segment", "prediction"),
}


@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="needs QGIS, Xvfb and openbox")
def test_a_patch_is_painted_in_the_real_desktop(tmp_path, repository):
    y, x = np.mgrid[0:520, 0:520]
    bands = np.stack([(x // 2) % 256, (y // 2) % 256, (x + y) % 256, 255 - x % 256]).astype(np.uint8)
    write_raster(tmp_path / "ortho.tif", bands).FlushCache()
    image = read_image(tmp_path / "ortho.tif")
    campaign = tmp_path / "campaign" / "campaign.gpkg"
    cells = tuple(rank_cells(lay_cells(image.grid, 256, 256)))
    classes = physical_classes(Profile.load())
    create_campaign(CampaignPlan(campaign, "Essai", image, "ocsge-2.0", 256, classes, cells))
    zip_path = tmp_path / "ocsge_annotator.zip"
    compile_translation(repository)
    write_zip(zip_entries("ocsge_annotator"), zip_path)
    out = tmp_path / "out"
    report, output = drive(tmp_path / "profile", zip_path, campaign, out)
    if os.environ.get("OCSGE_KEEP_PICTURES"):
        shutil.copytree(out, os.environ["OCSGE_KEEP_PICTURES"], dirs_exist_ok=True)
    assert "error" not in report, report["error"]
    assert report, output
    assert report["locale"] == "fr"
    assert report["layers"] == ["Dalles de Essai", "ortho"]
    assert report["index"] == 1
    assert (out / "annotator.png").stat().st_size > 50_000
    patch = read_campaign(campaign).patches[0]
    assert patch.state is PatchState.IN_PROGRESS
    assert patch.gestures == report["gestures"] == 5
    labels = gdal.Open(str(campaign.parent / patch.label_path)).ReadAsArray()
    assert set(np.unique(labels)) == {0, 3, 11}


def compile_translation(repository):
    source = repository / "ocsge_annotator" / "resources" / "i18n" / "ocsge_annotator_fr.ts"
    compiled = source.with_suffix(".qm")
    lrelease = shutil.which("lrelease")
    if lrelease and (not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime):
        subprocess.run([lrelease, source, "-qm", compiled], check=True, capture_output=True)


@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="needs QGIS, Xvfb and openbox")
@pytest.mark.skipif(not BACKEND.exists(), reason="needs the backend's environment")
def test_a_campaign_goes_from_its_form_to_a_data_set_with_every_tool(tmp_path, repository):
    compile_translation(repository)
    report, output = tell(tmp_path, 160, 256, pictures=False)
    assert "error" not in report, report["error"]
    assert report, output
    assert report["tools"].keys() == TOOLS
    accepted = report["accepted"]
    assert report["states"][accepted] == PatchState.ACCEPTED.value
    (rejected,) = report["comments"]
    assert report["states"][rejected] == PatchState.REJECTED.value
    assert read_sets(tmp_path / "out", accepted) == {"coco": 0, "flair": 0}
