# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend with its pinned dependencies in one zip a platform, for machines without internet.

The wheel of the backend carries the profiles and the embedded model. Bundles for another system than this one
are made as well, and hold the same bytes wherever they are made.

    python -m scripts.build_bundle [DIST] [--platform linux_x86_64] [--python 3.12]
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from inference_backend.contracts.bundle import MANIFEST_FILE, SUMS_FILE, WHEELS_FOLDER, Manifest, file_sum
from scripts.build_zips import FILE_MODE, FIXED_DATE
from scripts.bundle_wheels import ROOTS, TARGETS, Target, fetch, read_pins
from scripts.plugin_metadata import ROOT, newest_release

EXECUTABLE_MODE = 0o755
EXECUTABLES = ("install.sh",)
INSTALLERS = ("install.py", "install.sh", "install.bat", "README.txt")
TOP = "ocsge-backend"


def build_wheel(folder: Path) -> None:
    """Build the backend's own wheel."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)


def checksums(folder: Path) -> str:
    """Content of SHA256SUMS for every file under `folder`."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS_FILE)
    return "".join(f"{file_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths)


def write_bundle(folder: Path, target: Path) -> None:
    """Zip `folder` without compressing again what wheels have compressed; the same bytes each time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(f"{TOP}/{path.relative_to(folder).as_posix()}", FIXED_DATE)
            info.create_system = 3  # Unix, on every system
            info.external_attr = (EXECUTABLE_MODE if path.name in EXECUTABLES else FILE_MODE) << 16
            with archive.open(info, "w", force_zip64=False) as member, path.open("rb") as file:
                shutil.copyfileobj(file, member, 1 << 20)
    unfinished.replace(target)


def build(target: Target, dist: Path) -> Path:
    """Make the bundle of one platform.

    Raises:
        IncompleteError: a wheel or a pin is missing.
    """
    folder = ROOT / "build" / "bundle" / target.platform
    wheels = folder / WHEELS_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    wheels.mkdir(parents=True)
    build_wheel(wheels)
    constraints = ROOT / "constraints"
    pins = read_pins(constraints / "backend.txt", constraints / "bundle.txt")
    fetch(wheels, target, list(ROOTS), pins)
    for name in INSTALLERS:
        shutil.copyfile(ROOT / "scripts" / "bundle" / name, folder / name)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    manifest = Manifest(newest_release().version, target.platform, target.pythons)
    (folder / MANIFEST_FILE).write_text(manifest.to_text(), encoding="utf-8")
    (folder / SUMS_FILE).write_text(checksums(folder), encoding="utf-8")
    bundle = dist / f"ocsge-backend-{manifest.version}-{target.platform}.zip"
    write_bundle(folder, bundle)
    return bundle


def main() -> int:
    """Build the bundles asked for, by default one for each platform."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dist", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("--platform", action="append", choices=sorted(TARGETS))
    parser.add_argument("--python", action="append", metavar="3.x", help="instead of the platform's own list")
    args = parser.parse_args()
    for name in args.platform or TARGETS:
        target = TARGETS[name]
        if args.python:
            target = dataclasses.replace(target, pythons=tuple(args.python))
        bundle = build(target, args.dist)
        size = bundle.stat().st_size / 1e6
        print(f"{bundle} ({size:.0f} MB, Python {', '.join(target.pythons)}) {file_sum(bundle)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
