# SPDX-License-Identifier: GPL-2.0-or-later
"""The metadata.txt of each plugin, merged from the common file and the changelog.

python -m scripts.plugin_metadata     checks the file as it stands
"""

from __future__ import annotations

import configparser
import io
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ("ocsge_annotator", "ocsge_pi_review")
REQUIRED = (
    "name",
    "qgisMinimumVersion",
    "description",
    "about",
    "version",
    "author",
    "email",
    "repository",
    "tracker",
    "homepage",
    "license",
    "icon",
    "tags",
    "changelog",
    "hasProcessingProvider",
)
"""What QGIS's plugin repository asks for, and what these plugins need to be found by `qgis_process`."""
FLAGS = {"experimental": ("True", "False"), "deprecated": ("True", "False"), "server": ("True", "False")}
LONGEST_DESCRIPTION = 500
"""Characters that the plugin manager shows on one line."""


@dataclass(frozen=True)
class Release:
    """The newest entry of CHANGELOG.md."""

    version: str
    notes: str


def newest_release(root: Path = ROOT) -> Release:
    """Version and notes of the first entry.

    Raises:
        ValueError: the changelog has no entry `## 1.2.3 - 2026-01-31`.
    """
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = re.search(
        r"^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if entry is None:
        raise ValueError("CHANGELOG.md has no entry of the form '## 1.2.3 - 2026-01-31'")
    return Release(entry[1], entry[2].strip().replace("`", ""))


def _parser() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # QGIS's keys have capitals
    return parser


def merged(plugin: str, root: Path = ROOT) -> dict[str, str]:
    """The keys of one plugin: [general], completed and overruled by its own section."""
    parser = _parser()
    parser.read_string((root / "metadata.txt").read_text(encoding="utf-8"))
    release = newest_release(root)
    return {
        **parser["general"],
        **parser[plugin],
        "version": release.version,
        "changelog": f"{release.version}\n{release.notes}",
    }


def render(values: dict[str, str]) -> str:
    """The text of a metadata.txt."""
    parser = _parser()
    parser["general"] = values
    text = io.StringIO()
    parser.write(text, space_around_delimiters=False)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def package_version(root: Path = ROOT) -> str:
    """`__version__` of the backend, read without importing it."""
    text = (root / "inference_backend" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else ""


def faults(root: Path = ROOT) -> list[str]:
    """What is wrong with the metadata under `root`."""
    try:
        merged_by_plugin = {plugin: merged(plugin, root) for plugin in PLUGINS}
    except (configparser.Error, KeyError, ValueError) as error:
        return [f"metadata.txt: {error}"]
    found = [
        f"{plugin}: {fault}"
        for plugin, v in merged_by_plugin.items()
        for fault in _faults_of(plugin, v, root)
    ]
    version = newest_release(root).version
    if version != package_version(root):
        found.append(f"CHANGELOG.md says {version}, inference_backend says {package_version(root)}")
    if len({v.get("name") for v in merged_by_plugin.values()}) < len(PLUGINS):
        found.append("two plugins have one name")
    return found


def _faults_of(plugin: str, values: dict[str, str], root: Path) -> list[str]:
    found = [f"{key} is missing" for key in REQUIRED if not values.get(key, "").strip()]
    for key, allowed in FLAGS.items():
        if values.get(key) not in allowed:
            found.append(f"{key} is {values.get(key)!r}, not one of {allowed}")
    if not re.fullmatch(r"3\.\d+", values.get("qgisMinimumVersion", "")):
        found.append("qgisMinimumVersion is not 3.x")
    if "plugin" in values.get("name", "").lower():
        found.append("name repeats the word plugin")
    if len(values.get("description", "")) > LONGEST_DESCRIPTION or "\n" in values.get("description", ""):
        found.append("description is not one short line")
    # QGIS reads the file with interpolation, which a percent sign breaks.
    found += [f"{key} contains %" for key, value in values.items() if "%" in value]
    if not (root / plugin / values.get("icon", "")).is_file():
        found.append(f"icon {values.get('icon')} does not exist")
    return found


def main() -> int:
    """Print the faults; 1 where there is one."""
    found = faults()
    for line in found:
        print(line)
    print(f"metadata: {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
