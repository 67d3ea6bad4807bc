# SPDX-License-Identifier: GPL-2.0-or-later
"""The zips as a user gets them: both in one process of QGIS's Python, the repository out of reach."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts import build_zips

SYSTEM_PYTHON = "/usr/bin/python3"
"""The interpreter that sees PyQGIS; the repository is installed nowhere in it."""
IMPORT_EVERYTHING = """
import json, pkgutil, importlib, sys
folder, plugins = sys.argv[1], sys.argv[2:]
sys.path.insert(0, folder)
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
failed = {}
for plugin in plugins:
    package = importlib.import_module(plugin)
    assert callable(package.classFactory)
    for module in pkgutil.walk_packages(package.__path__, plugin + "."):
        try:
            importlib.import_module(module.name)
        except Exception as error:
            failed[module.name] = repr(error)
names = ("ocsge", "inference_backend", "scripts")
loaded = {n: getattr(m, "__file__", None) for n, m in sys.modules.items() if n.startswith(names)}
resources = {}
for plugin in plugins:
    locate = importlib.import_module(plugin + "._vendor.inference_backend.contracts.locate")
    profile = importlib.import_module(plugin + "._vendor.inference_backend.contracts.profile")
    resources[plugin] = [str(locate.resources_dir()), len(profile.Profile.load().nomenclature.leaves("cs"))]
print(json.dumps({"failed": failed, "loaded": loaded, "resources": resources}))
application.exitQgis()
"""


@pytest.fixture(scope="session")
def zips(repository, tmp_path_factory) -> list[Path]:
    return build_zips.build(tmp_path_factory.mktemp("dist"), repository)


def import_all(folder: Path) -> dict:
    """Import every module of both plugins in one isolated process (-I: no environment, no user site)."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-I", "-B", "-c", IMPORT_EVERYTHING, str(folder), *build_zips.PLUGINS],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def unpack(zips: list[Path], folder: Path) -> Path:
    for path in zips:
        zipfile.ZipFile(path).extractall(folder)
    return folder


def leaks(report: dict, folder: Path) -> dict[str, str | None]:
    """Modules of the project that came from anywhere but the two plugin folders."""
    homes = tuple(str(folder / plugin) + os.sep for plugin in build_zips.PLUGINS)
    return {
        name: path
        for name, path in report["loaded"].items()
        if not (path or "").startswith(homes) or not name.startswith(build_zips.PLUGINS)
    }


def test_both_zips_import_in_one_clean_process(zips, tmp_path):
    report = import_all(unpack(zips, tmp_path))
    assert report["failed"] == {}
    assert leaks(report, tmp_path) == {}
    for plugin in build_zips.PLUGINS:
        place, covers = report["resources"][plugin]
        assert place == str(tmp_path / plugin / "_vendor" / "inference_backend" / "resources")
        assert covers == 14


def test_an_import_that_was_not_rewritten_is_noticed(zips, tmp_path):
    folder = unpack(zips, tmp_path)
    (folder / build_zips.PLUGINS[0] / "domain" / "broken.py").write_text(
        "from inference_backend.contracts.lot import LOT\n"
    )
    assert list(import_all(folder)["failed"]) == [f"{build_zips.PLUGINS[0]}.domain.broken"]


def test_a_module_of_the_repository_is_noticed(zips, tmp_path, repository):
    folder = unpack(zips, tmp_path)
    (folder / build_zips.PLUGINS[0] / "domain" / "broken.py").write_text(
        f"import sys\nsys.path.append({str(repository)!r})\nimport inference_backend.contracts.lot\n"
    )
    assert "inference_backend" in leaks(import_all(folder), folder)


def test_zips_are_the_same_when_built_twice(zips, tmp_path, repository):
    again = build_zips.build(tmp_path, repository)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in zips]


def test_file_times_do_not_change_a_zip(broken_tree, tmp_path):
    first = [p.read_bytes() for p in build_zips.build(tmp_path / "a", broken_tree)]
    for path in broken_tree.rglob("*.py"):
        os.utime(path, (0, 0))
        path.chmod(0o755)
    assert [p.read_bytes() for p in build_zips.build(tmp_path / "b", broken_tree)] == first


def test_a_zip_holds_one_folder_with_metadata_and_licence(zips):
    for path, plugin in zip(zips, build_zips.PLUGINS, strict=True):
        names = zipfile.ZipFile(path).namelist()
        assert {name.split("/")[0] for name in names} == {plugin}
        assert {f"{plugin}/metadata.txt", f"{plugin}/LICENSE", f"{plugin}/__init__.py"} <= set(names)


def test_a_zip_speaks_french(zips, repository):
    for path, plugin in zip(zips, build_zips.PLUGINS, strict=True):
        assert any(name.endswith("fr.qm") for name in zipfile.ZipFile(path).namelist()), plugin


@pytest.mark.parametrize("name", ["library.so", "model.onnx", "data.gpkg", "tool.exe", "setup.sh"])
def test_a_file_outside_the_allow_list_stops_the_build(name, broken_tree, tmp_path):
    (broken_tree / build_zips.PLUGINS[1] / name).write_bytes(b"\x7fELF")
    with pytest.raises(build_zips.ZipError, match=name):
        build_zips.build(tmp_path / "dist", broken_tree)


def test_a_translation_that_is_not_built_stops_the_build(broken_tree, tmp_path):
    folder = broken_tree / build_zips.PLUGINS[0] / "resources" / "i18n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "other_fr.ts").write_text("<TS/>")
    with pytest.raises(build_zips.ZipError, match=r"other_fr\.ts"):
        build_zips.build(tmp_path / "dist", broken_tree)


def test_rewriting_touches_imports_alone():
    source = (
        "from ocsge_common.tasks import BaseTask\n"
        "    from inference_backend.contracts.lot import LOT\n"
        "from ocsge_commonplace import x\n"
        "text = 'from ocsge_common.tasks'\n"
    )
    assert build_zips.rewrite_imports(source, "p") == (
        "from p._vendor.ocsge_common.tasks import BaseTask\n"
        "    from p._vendor.inference_backend.contracts.lot import LOT\n"
        "from ocsge_commonplace import x\n"
        "text = 'from ocsge_common.tasks'\n"
    )
