# SPDX-License-Identifier: GPL-2.0-or-later
"""Installs the backend from this folder, without network, to where the QGIS plugins look for it.

    python install.py           install
    python install.py --fits    only say, by the exit status, whether the bundle serves this Python

Called by install.sh and install.bat; the plugins do the same from their options page.
"""

from __future__ import annotations

import datetime
import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
DAMAGED = "{}: a file of this bundle is damaged: copy it again. / Un fichier de ce lot est abîmé : "
"recopiez-le."
WRONG = "This bundle is for {}, this machine is {}. / Ce lot est fait pour {}, cette machine est {}."
CLEARED = ("PROJ_", "GDAL_", "PYTHON", "PIP_")


def load() -> tuple[ModuleType, ModuleType]:
    """The bundle's own rules, out of the backend's wheel."""
    wheel = next(iter((HERE / "wheels").glob("ocsge_backend-*.whl")), None)
    try:
        if wheel is None:
            raise ImportError("no wheel")
        sys.path.insert(0, str(wheel))
        contracts = "inference_backend.contracts"
        return importlib.import_module(f"{contracts}.bundle"), importlib.import_module(
            f"{contracts}.backend_home"
        )
    except (ImportError, zipfile.BadZipFile, SyntaxError) as error:
        raise SystemExit(DAMAGED.format(error)) from error


def main() -> None:
    """Check, install beside what is there, then make it the one that counts."""
    bundle, layout = load()
    manifest = bundle.read_manifest(HERE)
    running = ".".join(map(str, sys.version_info[:2]))
    if sys.argv[1:] == ["--fits"]:
        raise SystemExit(0 if running in manifest.pythons else 3)
    machine = bundle.machine_platform()
    if manifest.platform != machine:
        raise SystemExit(WRONG.format(manifest.platform, machine, manifest.platform, machine))
    damaged = bundle.damaged_files(HERE)
    if damaged:
        raise SystemExit(DAMAGED.format(damaged[0]))
    home = layout.backend_home()
    home.mkdir(parents=True, exist_ok=True)
    former = layout.read_current(home)
    environment = layout.new_environment(home)
    try:
        install(environment, layout)
    except BaseException:
        shutil.rmtree(environment, ignore_errors=True)
        raise
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    installed = layout.Installed(environment.name, manifest.version, running, HERE.name, now)
    layout.write_current(home, installed)
    if former is not None and not list((home / former.folder).glob("in-use-*.lock")):
        shutil.rmtree(home / former.folder, ignore_errors=True)
    print(layout.environment_command(environment))


def install(environment: Path, layout: ModuleType) -> None:
    """Make the environment with the bundle's own pip, which looks nowhere else."""
    variables = {k: v for k, v in os.environ.items() if not k.upper().startswith(CLEARED)}
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, env=variables
    )
    pip = next((HERE / "wheels").glob("pip-*.whl"))
    variables |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": str(pip), "PYTHONUTF8": "1"}
    options = [
        "--isolated",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-index",
        "--no-cache-dir",
    ]
    extra = os.environ.get("OCSGE_EXTRAS", "cluster,quantize")
    command = [str(layout.environment_python(environment)), "-m", "pip", *options]
    command += ["--find-links", str(HERE / "wheels"), f"ocsge-backend[{extra}]" if extra else "ocsge-backend"]
    subprocess.run(command, check=True, env=variables)
    subprocess.run([str(layout.environment_command(environment)), "--version"], check=True)


if __name__ == "__main__":
    main()
