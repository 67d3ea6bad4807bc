# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of a campaign: values, names, colours, keys, and where they come from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inference_backend.contracts.nomenclature import Code
from inference_backend.contracts.prediction import MAX_CLASSES, PredictedClass, encode_classes
from inference_backend.contracts.profile import Profile, normalise_class_name
from ocsge_annotator.errors import ClassTableError

CLASS_KEYS = "1234567890" + "QXCVTYUIOJKLRZ"
"""Keys handed out in order: digits, then letters that no tool uses (see `gui.gestures`)."""
CLASS_FILE = "label_classes.json"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class LabelClass:
    """One row of the table `label_class`.

    Attributes:
        value: in the label rasters, 0 to 253.
        name: by which a profile maps it to a cover code.
        label_fr: for people who read French.
        label_en: for people who read English.
        colour: `#RRGGBB`.
        key: shortcut, empty for none.
    """

    value: int
    name: str
    label_fr: str
    label_en: str
    colour: str
    key: str = ""

    def label(self, language: str) -> str:
        """Label in `language`, the name where there is none."""
        return (self.label_fr if language.startswith("fr") else self.label_en) or self.name

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Colour as three integers, 0..255."""
        return (int(self.colour[1:3], 16), int(self.colour[3:5], 16), int(self.colour[5:7], 16))


def with_keys(classes: Sequence[LabelClass]) -> tuple[LabelClass, ...]:
    """Give a key to each class that has none, in order, without using one twice."""
    taken = {entry.key.upper() for entry in classes if entry.key}
    free = iter(key for key in CLASS_KEYS if key not in taken)
    return tuple(entry if entry.key else replace(entry, key=next(free, "")) for entry in classes)


def check_classes(classes: Sequence[LabelClass], source: object) -> tuple[LabelClass, ...]:
    """Classes fit for a campaign, keys filled in.

    Args:
        classes: candidates.
        source: the file or profile to name in an error.

    Raises:
        ClassTableError: no class, a value out of range or used twice, a name used twice, a malformed colour.
    """
    problem = next(_problems(classes), None)
    if problem is not None:
        raise _error(source, *problem)
    return with_keys(classes)


def _problems(classes: Sequence[LabelClass]) -> Iterator[tuple[str, str]]:
    """What is wrong, in English and French."""
    if not classes:
        yield "it has no class", "elle n'a aucune classe"
    values = [entry.value for entry in classes]
    names = [normalise_class_name(entry.name) for entry in classes]
    keys = [entry.key.upper() for entry in classes if entry.key]
    for entry in classes:
        value, name, key = entry.value, normalise_class_name(entry.name), entry.key.upper()
        if not 0 <= value < MAX_CLASSES or values.count(value) > 1:
            yield (
                f"value {value} is out of 0..{MAX_CLASSES - 1} or used twice",
                f"la valeur {value} est hors de 0..{MAX_CLASSES - 1} ou en double",
            )
        if not name or names.count(name) > 1:
            yield (
                f"class name “{entry.name}” is empty or used twice",
                f"le nom de classe « {entry.name} » est vide ou en double",
            )
        if not _COLOUR.fullmatch(entry.colour):
            yield (
                f"colour “{entry.colour}” is not #RRGGBB",
                f"la couleur « {entry.colour} » n'est pas de la forme #RRGGBB",
            )
        if keys.count(key) > 1:
            yield f"key {key} is used twice", f"la touche {key} est attribuée deux fois"


def _error(source: object, problem_en: str, problem_fr: str) -> ClassTableError:
    return ClassTableError(
        path=source,
        problem_en=f"this class table cannot be used: {problem_en}",
        problem_fr=f"cette table de classes est inutilisable : {problem_fr}",
        remedy_en="Correct the table, or choose one of the profile's.",
        remedy_fr="Corrigez la table ou choisissez l'une de celles du profil.",
    )


def cover_classes(profile: Profile) -> tuple[LabelClass, ...]:
    """The cover codes of the nomenclature, with their official colours."""
    leaves = profile.nomenclature.leaves("cs")
    classes = [
        LabelClass(value, leaf.code, _titled(leaf, "fr"), _titled(leaf, "en"), leaf.colour)
        for value, leaf in enumerate(leaves)
    ]
    return check_classes(classes, profile.name)


def _titled(leaf: Code, language: str) -> str:
    return f"{leaf.label(language)} ({leaf.code})"


def physical_classes(profile: Profile) -> tuple[LabelClass, ...]:
    """The physical classes of the profile (`label_classes.json`), those that the models predict.

    Raises:
        ClassTableError: the profile has no such file, or it cannot be read.
    """
    path = profile.path.parent / CLASS_FILE
    return read_class_file(path)


def read_class_file(path: Path) -> tuple[LabelClass, ...]:
    """Classes of a JSON file: `{"classes": [{"value", "name", "label_fr", "label_en", "colour", "key"}]}`.

    Raises:
        ClassTableError: missing or malformed.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["classes"]
        classes = [
            LabelClass(
                int(row["value"]),
                str(row["name"]),
                str(row.get("label_fr", "")),
                str(row.get("label_en", "")),
                str(row["colour"]),
                str(row.get("key", "")),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _error(path, repr(error), repr(error)) from error
    return check_classes(classes, path)


def class_tag(classes: Sequence[LabelClass], profile: Profile | None = None) -> str:
    """Value of the tag `OCSGE_CLASSES` of a label raster, readable as that of a prediction."""
    rows = []
    for entry in classes:
        cover = profile.cover_of_class(entry.name) if profile else None
        rows.append(PredictedClass(entry.value, entry.name, cover, entry.colour.upper()))
    return encode_classes(tuple(rows))
