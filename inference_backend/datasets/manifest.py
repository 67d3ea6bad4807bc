# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge_dataset.json` beside a data set: where it comes from, and how to read it back exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend import __version__
from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.datasets.campaign import Campaign, DatasetClass
from inference_backend.datasets.class_plan import ClassPlan
from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.layout import write_json

FILE_NAME = "ocsge_dataset.json"
SCHEMA = 1


@dataclass(frozen=True)
class Entry:
    """One patch of a data set.

    Attributes:
        patch_id: in the campaign.
        split: train, val, test or unsplit.
        image: relative to the data set.
        mask: the same, of the file that holds its labels.
        labels_sha256: of the labels as painted.
    """

    patch_id: str
    split: str
    image: str
    mask: str
    labels_sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a data set says of itself.

    Attributes:
        format: name of the layout.
        campaign_id: of the campaign, or empty.
        classes: of the data set.
        painted: classes of the campaign.
        table: value in the data set of each value of the campaign.
        unlabelled: value in the data set of a pixel without label.
        is_reversible: whether every class keeps a value of its own.
        entries: its patches.
    """

    format: str
    campaign_id: str
    classes: tuple[DatasetClass, ...]
    painted: tuple[DatasetClass, ...]
    table: dict[int, int]
    unlabelled: int
    is_reversible: bool
    entries: tuple[Entry, ...]

    def painted_names(self) -> dict[int, str | None]:
        """Name in the campaign of each value of the data set; None for pixels without label.

        Where several classes share a value, the first one.
        """
        names = {entry.value: entry.name for entry in self.painted}
        found: dict[int, str | None] = {self.unlabelled: None}
        for value, target in self.table.items():
            found.setdefault(target, names[value])
        return found


def describe(format_name: str, campaign: Campaign, plan: ClassPlan, entries: list[Entry]) -> Manifest:
    """The manifest of a data set just made."""
    values = [entry.value for entry in campaign.classes]
    return Manifest(
        format_name,
        campaign.campaign_id,
        plan.classes,
        campaign.classes,
        {value: int(plan.table[value]) for value in values},
        plan.unlabelled,
        plan.is_reversible(values),
        tuple(entries),
    )


def write_manifest(folder: Path, manifest: Manifest, campaign: Campaign, mapping: str) -> None:
    """Write `ocsge_dataset.json`."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "software": f"ocsge {__version__}",
        "format": manifest.format,
        "campaign": campaign.name,
        "campaign_id": manifest.campaign_id,
        "image": campaign.image.name,
        "mapping": mapping,
        "classes": [_row(entry) for entry in manifest.classes],
        "unlabelled": manifest.unlabelled,
        "campaign_classes": [
            {**_row(entry), "becomes": manifest.table[entry.value]} for entry in manifest.painted
        ],
        "campaign_unlabelled": UNLABELLED,
        "reversible": manifest.is_reversible,
        "patches": [vars(entry) for entry in manifest.entries],
    }
    write_json(folder / FILE_NAME, content)


def _row(entry: DatasetClass) -> dict[str, Any]:
    return {"value": entry.value, "name": entry.name, "colour": entry.colour}


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a data set; None where it has none.

    Raises:
        DatasetError: malformed.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            str(content["format"]),
            str(content["campaign_id"]),
            tuple(DatasetClass(**row) for row in content["classes"]),
            tuple(
                DatasetClass(row["value"], row["name"], row["colour"]) for row in content["campaign_classes"]
            ),
            {int(row["value"]): int(row["becomes"]) for row in content["campaign_classes"]},
            int(content["unlabelled"]),
            bool(content["reversible"]),
            tuple(Entry(**row) for row in content["patches"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            path=path,
            problem_en=f"malformed description of a data set ({error})",
            problem_fr=f"description de jeu de données malformée ({error})",
            remedy_en="Restore it, or remove it and give the classes with --mapping.",
            remedy_fr="Rétablissez-la, ou retirez-la et donnez les classes par --mapping.",
        ) from error


def painted_table(names: dict[int, str | None], values: dict[str, int]) -> NDArray[np.uint8]:
    """(256,) uint8, value in a campaign of each value of a data set.

    Args:
        names: of the data set, by value.
        values: of the campaign, by name.
    """
    table = np.full(256, UNLABELLED, dtype=np.uint8)
    for value, name in names.items():
        if name is not None:
            table[value] = values[name]
    return table
