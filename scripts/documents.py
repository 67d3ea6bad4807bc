# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of the documents: links, commands, and no trace of one machine or registry."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.plugin_metadata import ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MAKE_COMMAND = re.compile(r"\bmake ([a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)*)")
MAKE_TARGET = re.compile(r"^([a-z0-9][a-z0-9-]*):(?!=)", re.MULTILINE)
WITH_ACTIONS = ("model", "dataset", "lot", "control")
OCSGE_COMMAND = re.compile(r"(?:^|`|\$ )ocsge ([a-z]+)((?:[^\n`\\]|\\\n)*)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home/\w|Users/\w|root/|tmp/\w|work/|opt/\w)")
# Written in two halves, so that this file passes its own check.
REGISTRY = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + "hosted",
            r"deb\.deb" + r"ian\.org",
            "anaconda" + r"\.org",
            "download.py" + "torch",
        )
    )
)
TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".txt", ".toml", ".sh", ".json", ".ui", ".qml", ".svg", ".ts", ".cfg", ".ini", ".yml", ""}
)


def tracked_texts(root: Path = ROOT) -> list[Path]:
    """Text files that git knows."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=True
    ).stdout
    paths = (root / name for name in listed.split("\0") if name)
    return [p for p in paths if p.suffix in TEXT_SUFFIXES and p.is_file()]


def documents(root: Path = ROOT) -> list[Path]:
    """The Markdown files that git knows."""
    return [path for path in tracked_texts(root) if path.suffix == ".md"]


def broken_links(paths: Iterable[Path]) -> Iterator[str]:
    """Relative links whose file, or heading, does not exist."""
    for path in paths:
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            name, _, heading = target.partition("#")
            if re.match(r"[a-z]+:", name):
                continue
            file = path.parent / name if name else path
            if not file.exists():
                yield f"{path.name}: {target} does not exist"
            elif heading and heading not in headings(file):
                yield f"{path.name}: no heading {heading} in {file.name}"


def headings(path: Path) -> set[str]:
    """Anchors of a Markdown file, as its usual viewers make them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def unknown_make_commands(paths: Iterable[Path], makefile: Path) -> Iterator[str]:
    """`make x` in code of a document where x is no target."""
    targets = set(MAKE_TARGET.findall(makefile.read_text(encoding="utf-8")))
    for path in paths:
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            for words in MAKE_COMMAND.findall(code):
                yield from (
                    f"{path.name}: make {w} does not exist" for w in words.split() if w not in targets
                )


def ocsge_commands(paths: Iterable[Path]) -> dict[str, set[str]]:
    """Options by command that documents show for `ocsge`; `model ACTION` and the like are a command each."""
    found: dict[str, set[str]] = {}
    for path in paths:
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            for command, rest in OCSGE_COMMAND.findall(code):
                words = rest.split()
                action = words[0] if command in WITH_ACTIONS and words and words[0].isalpha() else ""
                found.setdefault(f"{command} {action}".strip(), set()).update(OPTION.findall(rest))
    return found


def machine_traces(paths: Iterable[Path]) -> Iterator[str]:
    """Paths of one machine and hosts of package registries."""
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern in (MACHINE_PATH, REGISTRY):
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                yield f"{path}:{line}: {found[0]}"
