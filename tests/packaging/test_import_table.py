# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from scripts import import_table

BROKEN = {
    "contracts read a third party": ("inference_backend/contracts/x.py", "import numpy"),
    "contracts read the backend": (
        "inference_backend/contracts/x.py",
        "from inference_backend import errors",
    ),
    "contracts import themselves absolutely": (
        "inference_backend/contracts/x.py",
        "from inference_backend.contracts.tables import Table",
    ),
    "a model reader knows the service": (
        "inference_backend/models/x.py",
        "from inference_backend.service import jobs",
    ),
    "models know the engines": (
        "inference_backend/models/x.py",
        "from inference_backend.runtime import engine",
    ),
    "one step knows another": (
        "inference_backend/predict/x.py",
        "from inference_backend.postprocess.types import Codes",
    ),
    "the service knows the command line's plugin": (
        "inference_backend/service/x.py",
        "import ocsge_pi_review.plugin",
    ),
    "the backend reads QGIS": ("inference_backend/quality/x.py", "from qgis.core import QgsGeometry"),
    "an import hides in a function": (
        "inference_backend/scene/x.py",
        "def f():\n    from inference_backend.cli import main\n",
    ),
    "a heavy package init": ("inference_backend/runtime/__init__.py", "import onnxruntime"),
    "an undeclared third party": ("inference_backend/quality/x.py", "import pandas"),
    "a domain reads QGIS": ("ocsge_pi_review/domain/x.py", "from qgis.core import QgsGeometry"),
    "a domain reads Qt": ("ocsge_annotator/domain/x.py", "from qgis.PyQt.QtCore import Qt"),
    "a domain knows the QGIS-side shared code": (
        "ocsge_annotator/domain/x.py",
        "from ocsge_common.tasks import BaseTask",
    ),
    "an adapter draws": ("ocsge_annotator/adapters/x.py", "from qgis.PyQt.QtWidgets import QWidget"),
    "an adapter knows the windows": ("ocsge_annotator/adapters/x.py", "import ocsge_annotator.gui"),
    "a map tool knows a window": ("ocsge_annotator/map_tools/x.py", "import ocsge_annotator.gui.dock"),
    "a window takes iface from the air": ("ocsge_pi_review/gui/x.py", "from qgis.utils import iface"),
    "a plugin knows the other": ("ocsge_pi_review/plugin.py", "import ocsge_annotator.domain"),
    "a plugin reads the backend": (
        "ocsge_pi_review/processing/x.py",
        "from inference_backend.grid import Grid",
    ),
    "a plugin imports relatively": ("ocsge_pi_review/gui/x.py", "from ..domain import queue"),
    "a form that the zip build does not rewrite": ("ocsge_pi_review/gui/x.py", "import ocsge_common.tasks"),
    "Qt without QGIS": ("ocsge_common/x.py", "from PyQt5.QtCore import Qt"),
    "gdal without osgeo": ("ocsge_annotator/adapters/x.py", "import gdal"),
    "shared code knows a plugin": ("ocsge_common/x.py", "import ocsge_annotator.domain"),
    "the module path is changed": ("ocsge_common/x.py", "import sys\nsys.path.insert(0, '.')"),
}


def test_the_code_follows_the_table(repository):
    assert import_table.faults(repository) == []


@pytest.mark.parametrize(("name", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_a_forbidden_import_is_found(name, code, tmp_path):
    target = tmp_path / name
    target.parent.mkdir(parents=True)
    target.write_text(code)
    found = import_table.faults(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("inference_backend/contracts/x.py", "from .tables import Table\nimport json"),
        ("inference_backend/runtime/x.py", "import onnxruntime\nfrom inference_backend.models import reader"),
        ("inference_backend/cli/x.py", "from inference_backend.predict.predict import predict"),
        ("ocsge_common/x.py", "from .slots import guarded\nfrom qgis.core import QgsTask"),
        ("ocsge_pi_review/adapters/host.py", "from qgis.utils import iface"),
        (
            "ocsge_pi_review/gui/x.py",
            "from ocsge_common.slots import guarded\nfrom ocsge_pi_review.domain import q",
        ),
    ],
)
def test_an_allowed_import_passes(name, code, tmp_path):
    target = tmp_path / name
    target.parent.mkdir(parents=True)
    target.write_text(code)
    assert import_table.faults(tmp_path) == []


def test_every_module_is_under_the_table(repository):
    """A wrong root would find no file and hence no fault."""
    files = [path for package in import_table.CHECKED for path in (repository / package).rglob("*.py")]
    assert len(files) > 50
