# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin from its zip in the real QGIS desktop, in French, from a campaign to data sets."""

import shutil
import subprocess
from pathlib import Path

import pytest

from inference_backend.contracts.campaign import PatchState
from tests.qgis.annotator.desktop.tell_story import read_sets, tell

NEEDED = ("qgis", "xvfb-run", "openbox")
BACKEND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
TOOLS = {
    *("brush", "eraser", "polygon", "building", "line", "fill", "wand", "gaps", "specks", "smooth", "copy"),
    *("hints", "segment", "interactive", "learner", "prediction by segment", "prediction"),
}


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
    assert report["locale"] == "fr"
    assert {"Dalles de Campagne de la commune", "ortho_2022"} <= set(report["layers"])
    assert report["tools"].keys() == TOOLS
    accepted = report["accepted"]
    assert report["states"][accepted] == PatchState.ACCEPTED.value
    (rejected,) = report["comments"]
    assert report["states"][rejected] == PatchState.REJECTED.value
    assert read_sets(tmp_path / "out", accepted) == {"coco": 0, "flair": 0}
