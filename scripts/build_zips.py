# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin zips: reproducible, self-contained, pure Python.

Shared code is copied under each plugin's own name (`<plugin>/_vendor/`) and its imports are rewritten: two
plugins live in one process: with a shared top-level package the second would run the first one's copy.

    python -m scripts.build_zips [DIST]
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from scripts.plugin_metadata import PLUGINS, ROOT, merged, newest_release, render

ALLOWED_SUFFIXES = frozenset(
    {
        ".py",
        ".ui",
        ".svg",
        ".png",
        ".qml",
        ".json",
        ".qm",
        ".txt",
        ".md",
        ".html",
        ".css",
        ".qss",
        ".xml",
        ".typed",
    }
)
ALLOWED_NAMES = frozenset({"LICENSE"})
SKIPPED_PARTS = frozenset({"__pycache__", "tests", "_vendor"})
SKIPPED_SUFFIXES = frozenset({".pyc", ".ts", ".qm~"})
SHARED_PACKAGES = {
    "ocsge_common": "ocsge_common",
    "inference_backend/contracts": "inference_backend/contracts",
}
SHARED_RESOURCES = ("profiles", "styles")
"""Folders of resources/ copied to where `contracts.locate` looks first."""
FIXED_DATE = (2020, 1, 1, 0, 0, 0)
FILE_MODE = 0o644
SHARED_IMPORT = re.compile(r"^(\s*)from (ocsge_common|inference_backend\.contracts)(?=[.\s])", re.MULTILINE)
PACKAGE_MARK = b"# SPDX-License-Identifier: GPL-2.0-or-later\n"


class ZipError(Exception):
    """A file that may not go into a zip."""


def rewrite_imports(source: str, plugin: str) -> str:
    """Shared imports under the plugin's own name.

    Args:
        source: Python code with lines `from ocsge_common.x import y` or
            `from inference_backend.contracts.x import y`.
        plugin: the package that holds the copy.
    """
    return SHARED_IMPORT.sub(rf"\1from {plugin}._vendor.\2", source)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = set(path.relative_to(folder).parts)
        if path.is_file() and not parts & SKIPPED_PARTS and path.suffix not in SKIPPED_SUFFIXES:
            yield path


def _content(path: Path, plugin: str) -> bytes:
    if path.name not in ALLOWED_NAMES and path.suffix not in ALLOWED_SUFFIXES:
        raise ZipError(f"{path}: this kind of file is not allowed in a plugin zip")
    if path.suffix == ".py":
        return rewrite_imports(path.read_text(encoding="utf-8"), plugin).encode()
    return path.read_bytes()


def _copied_folders(plugin: str, root: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Each source folder with its place in the zip."""
    top = PurePosixPath(plugin)
    vendor = top / "_vendor"
    yield root / plugin, top
    for source, place in SHARED_PACKAGES.items():
        yield root / source, vendor / place
    for name in SHARED_RESOURCES:
        yield root / "resources" / name, vendor / "inference_backend" / "resources" / name


def zip_entries(plugin: str, root: Path = ROOT) -> dict[str, bytes]:
    """Content of a plugin's zip by name, in sorted order.

    Raises:
        ZipError: a file of a kind that the allow-list lacks.
    """
    entries: dict[str, bytes] = {}
    for folder, place in _copied_folders(plugin, root):
        for path in _files(folder):
            entries[str(place / path.relative_to(folder).as_posix())] = _content(path, plugin)
    entries[f"{plugin}/metadata.txt"] = render(merged(plugin, root)).encode()
    entries[f"{plugin}/LICENSE"] = (root / "LICENSE").read_bytes()
    entries[f"{plugin}/CHANGELOG.md"] = (root / "CHANGELOG.md").read_bytes()
    for package in ("_vendor", "_vendor/inference_backend"):
        entries[f"{plugin}/{package}/__init__.py"] = PACKAGE_MARK
    return dict(sorted(entries.items()))


def write_zip(entries: dict[str, bytes], target: Path) -> None:
    """Write a zip that depends on nothing but `entries`: no clock, no file mode, no system."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every system
            info.external_attr = FILE_MODE << 16
            archive.writestr(info, content, compresslevel=9)


def missing_translations(plugin: str, root: Path = ROOT) -> list[str]:
    """The .ts files whose .qm is not built."""
    return [
        path.relative_to(root).as_posix()
        for folder in (root / plugin, root / "ocsge_common")
        for path in sorted(folder.rglob("*.ts"))
        if not path.with_suffix(".qm").is_file()
    ]


def build(dist: Path, root: Path = ROOT) -> list[Path]:
    """Write `dist/<plugin>-<version>.zip` for each plugin.

    Raises:
        ZipError: a file that is not allowed, or a translation that is not built.
    """
    targets = []
    for plugin in PLUGINS:
        missing = missing_translations(plugin, root)
        if missing:
            raise ZipError(f"{', '.join(missing)}: no .qm beside it; run `make i18n` first")
        target = dist / f"{plugin}-{newest_release(root).version}.zip"
        write_zip(zip_entries(plugin, root), target)
        targets.append(target)
    return targets


def untracked_files(root: Path = ROOT) -> list[str]:
    """Files of the copied folders that git does not know: they would make the zip depend on the machine."""
    folders = [*PLUGINS, *SHARED_PACKAGES, "resources"]
    command = ["git", "-C", str(root), "ls-files", "--others", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return listed.stdout.split() if listed.returncode == 0 else []


def main() -> int:
    """Build both zips."""
    dist = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    untracked = untracked_files()
    if untracked:
        print(
            f"warning: {len(untracked)} files are not in git and go in: {untracked[0]}, ...", file=sys.stderr
        )
    for target in build(dist):
        print(f"{target} ({target.stat().st_size // 1024} KB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
