# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend with its pinned dependencies in one zip, for machines without internet.

The wheel of the backend carries the profiles and the embedded model. The wheels fit this machine's system and
Python; the bundle says which.

    python -m scripts.build_bundle [DIST]
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from scripts.build_zips import FILE_MODE, FIXED_DATE
from scripts.plugin_metadata import ROOT, newest_release

EXECUTABLE_MODE = 0o755
INSTALLER = "install.sh"


def platform_name() -> str:
    """For instance `linux-x86_64`."""
    return (
        sysconfig.get_platform().replace("_", "-", 1)
        if sys.platform == "darwin"
        else sysconfig.get_platform()
    )


def collect_wheels(folder: Path) -> None:
    """Build the backend's wheel and fetch the wheels that it needs, at the tested versions."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
    wheel = next(folder.glob("ocsge_backend-*.whl"))
    pins = str(ROOT / "constraints" / "backend.txt")
    subprocess.run(
        [*pip, "download", "--only-binary=:all:", "--constraint", pins, "--dest", str(folder), str(wheel)],
        check=True,
    )


def checksums(folder: Path) -> str:
    """Content of SHA256SUMS for every file under `folder`."""
    lines = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def write_bundle(folder: Path, target: Path) -> None:
    """Zip `folder` without compressing again what wheels have compressed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"ocsge-backend/{path.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.create_system = 3
            info.external_attr = (EXECUTABLE_MODE if path.name == INSTALLER else FILE_MODE) << 16
            archive.writestr(info, path.read_bytes())


def main() -> int:
    """Build the bundle of this platform."""
    dist = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    folder = ROOT / "build" / "bundle"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    collect_wheels(folder / "wheels")
    shutil.copy(ROOT / "scripts" / "bundle" / INSTALLER, folder)
    shutil.copy(ROOT / "scripts" / "bundle" / "README.txt", folder)
    shutil.copy(ROOT / "LICENSE", folder)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    (folder / "VERSION").write_text(f"{newest_release().version}\n{platform_name()}\nPython {python}\n")
    (folder / "SHA256SUMS").write_text(checksums(folder))
    target = dist / f"bundle-{platform_name()}.zip"
    write_bundle(folder, target)
    print(f"{target} ({target.stat().st_size / 1e6:.0f} MB, Python {python})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
