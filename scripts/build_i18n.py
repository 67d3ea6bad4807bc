# SPDX-License-Identifier: GPL-2.0-or-later
"""Collects the texts of the interface and compiles their translations.

    python scripts/build_i18n.py            compile every .ts into the .qm of its plugin
    python scripts/build_i18n.py --update [PACKAGE ...]   bring .ts files up to date with the code first

pylupdate is not used: it takes the class around a bare `tr("...")` for its context, whereas ours is one fixed
context; and it misses what it cannot read instead of saying so.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET  # nosec B405 - reads files of this repository alone
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = "ocsge_common"
PLUGINS = ("ocsge_annotator", "ocsge_pi_review")
LANGUAGE = "fr"
CONTEXT = "ocsge"
"""The same as `ocsge_common.translation.CONTEXT`."""
LRELEASE = ("lrelease", "lrelease-qt5", "/usr/lib/qt5/bin/lrelease", "/usr/lib/qt6/bin/lrelease")


@dataclass(frozen=True)
class Text:
    """One text of the interface, and the files where it stands."""

    context: str
    source: str
    files: tuple[str, ...] = field(default=(), compare=False)


class NotALiteralError(Exception):
    """A call of `tr` whose argument cannot be collected."""


def texts_of_package(package: Path) -> list[Text]:
    """Every text of a package, once, sorted.

    Raises:
        NotALiteralError: `tr` is called with something else than a literal; names the place.
    """
    places: dict[tuple[str, str], set[str]] = {}
    for path in sorted(package.rglob("*")):
        for context, source in _texts_of_file(path):
            places.setdefault((context, source), set()).add(path.relative_to(package).as_posix())
    return [Text(*key, tuple(sorted(places[key]))) for key in sorted(places)]


def _texts_of_file(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".py":
        yield from _texts_of_code(path)
    elif path.suffix == ".ui":
        yield from _texts_of_form(path)


def _texts_of_code(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Call) and _called(node) == "tr":
            (argument,) = node.args
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                raise NotALiteralError(f"{path}:{node.lineno}: tr() takes one literal, without f-string")
            yield CONTEXT, argument.value


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _texts_of_form(path: Path) -> Iterator[tuple[str, str]]:
    form = ET.parse(path).getroot()  # nosec B314 - a file of this repository
    context = form.findtext("class", "")
    for element in form.iter("string"):
        if element.text and element.get("notr") != "true":
            yield context, element.text


def ts_path(package: Path) -> Path:
    """The translation file of a package."""
    return package / "resources" / "i18n" / f"{package.name}_{LANGUAGE}.ts"


def read_translations(path: Path) -> dict[tuple[str, str], str]:
    """(context, source) to the finished translation."""
    if not path.is_file():
        return {}
    found = {}
    for context in ET.parse(path).getroot().iter("context"):  # nosec B314 - a file of this repository
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text and translation.get("type") is None:
                found[name, message.findtext("source", "")] = translation.text
    return found


def update(package: Path) -> list[Text]:
    """Rewrite a package's translation file; returns the texts without a translation."""
    texts, known = texts_of_package(package), read_translations(ts_path(package))
    root = ET.Element("TS", version="2.1", language=LANGUAGE, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for text in texts:
        if text.context not in contexts:
            contexts[text.context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[text.context], "name").text = text.context
        message = ET.SubElement(contexts[text.context], "message")
        for file in text.files:
            ET.SubElement(message, "location", filename=file)
        ET.SubElement(message, "source").text = text.source
        translation = ET.SubElement(message, "translation")
        translation.text = known.get((text.context, text.source))
        if translation.text is None:
            translation.set("type", "unfinished")
    ET.indent(root, " ")
    path = ts_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return untranslated(package)


def untranslated(package: Path) -> list[Text]:
    """Texts of the code that its translation file does not translate."""
    known = read_translations(ts_path(package))
    return [text for text in texts_of_package(package) if (text.context, text.source) not in known]


def compile_package(package: Path, common: Path) -> Path:
    """Compile a package's translations, with those of the shared code, into one .qm.

    Raises:
        FileNotFoundError: Qt's lrelease is not installed.
        subprocess.CalledProcessError: it refused a file.
    """
    command = next((found for name in LRELEASE if (found := shutil.which(name))), None)
    if command is None:
        raise FileNotFoundError(
            "Qt's lrelease is missing: install qttools5-dev-tools (scripts/setup_qgis.sh)"
        )
    sources = [str(ts_path(p)) for p in dict.fromkeys((package, common)) if ts_path(p).is_file()]
    compiled = ts_path(package).with_suffix(".qm")
    compiled.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # nosec B603 - no shell, our own files
        [command, "-silent", "-nounfinished", *sources, "-qm", str(compiled)], check=True
    )
    return compiled


def main() -> int:
    """Compile, after an update where asked for; 1 where a text has no translation."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    packages = (COMMON, *PLUGINS)
    parser.add_argument("--update", nargs="*", metavar="PACKAGE", help="collect the texts of the code first")
    args = parser.parse_args()
    wanted = set(args.update or packages) if args.update is not None else set()
    missing: list[Text] = []
    for name in packages:
        missing += update(ROOT / name) if name in wanted else untranslated(ROOT / name)
    for text in missing:
        print(f"{', '.join(text.files)}: no {LANGUAGE} translation of {text.source!r}", file=sys.stderr)
    for name in packages:
        print(compile_package(ROOT / name, ROOT / COMMON).relative_to(ROOT))
    return 1 if missing and wanted else 0


if __name__ == "__main__":
    raise SystemExit(main())
