# SPDX-License-Identifier: GPL-2.0-or-later
"""From the classes of a campaign to those of a data set, and back, by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.profile import Profile, normalise_class_name
from inference_backend.datasets.campaign import DatasetClass
from inference_backend.datasets.errors import DatasetError, UnknownClassError

AS_CAMPAIGN = "campaign"
AS_COVER = "cover"
UNDECIDED_NAMES = ("other", "undefined")
"""Classes of public tables that stand for "nobody knows"."""


@dataclass(frozen=True)
class ClassPlan:
    """How values change.

    Attributes:
        classes: of the data set.
        table: (256,) uint8, value in the data set of each value of the campaign.
        unlabelled: value in the data set of a pixel without label.
        name: of the mapping.
    """

    classes: tuple[DatasetClass, ...]
    table: NDArray[np.uint8]
    unlabelled: int
    name: str

    def apply(self, labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Values of the data set, the shape of `labels`."""
        return self.table[labels]

    def is_reversible(self, values: Sequence[int]) -> bool:
        """Whether what was painted can be read back when a campaign has these values."""
        targets = [int(self.table[value]) for value in (*values, UNLABELLED)]
        return len(set(targets)) == len(targets)

    def back(self, values: Sequence[int]) -> NDArray[np.uint8]:
        """(256,) uint8, value in the campaign of each value of the data set."""
        table = np.full(256, UNLABELLED, dtype=np.uint8)
        for value in values:
            table[self.table[value]] = value
        table[self.unlabelled] = UNLABELLED
        return table


def plan_classes(
    mapping: str | Path, classes: Sequence[DatasetClass], profile: Profile, campaign: Path
) -> ClassPlan:
    """A plan.

    Args:
        mapping: `campaign` (as painted), `cover` (by the profile's cover codes), the name of a class table
            (`flair-1`, `flair-hub`, `cosia`), or a JSON file `{"classes": [{"value", "name", "colour",
            "from": [names of the campaign]}]}`.
        classes: of the campaign.
        profile: gives cover codes.
        campaign: for errors.

    Raises:
        UnknownClassError: a class of the campaign has no counterpart.
        DatasetError: no such table, or a malformed file.
    """
    if str(mapping) == AS_CAMPAIGN:
        pairs = [(entry, entry) for entry in classes]
        return _plan(pairs, tuple(classes), AS_CAMPAIGN)
    if str(mapping) == AS_COVER:
        return _by_cover(classes, profile, campaign)
    targets, sources = read_class_table(mapping)
    pairs = []
    unknown = []
    for entry in classes:
        target = _counterpart(entry, targets, sources, profile)
        if target is None:
            unknown.append(entry.name)
        else:
            pairs.append((entry, target))
    if unknown:
        raise UnknownClassError(path=campaign, unknown=unknown, known=[t.name for t in targets])
    return _plan(pairs, targets, Path(mapping).stem)


def _counterpart(
    entry: DatasetClass,
    targets: Sequence[DatasetClass],
    sources: dict[str, DatasetClass],
    profile: Profile,
) -> DatasetClass | None:
    """By name; failing that by cover code, where exactly one class of the table has it."""
    target = sources.get(normalise_class_name(entry.name))
    cover = profile.cover_of_class(entry.name) or entry.name
    candidates = [t for t in targets if profile.cover_of_class(t.name) == cover]
    return target if target is not None else candidates[0] if len(candidates) == 1 else None


def _by_cover(classes: Sequence[DatasetClass], profile: Profile, campaign: Path) -> ClassPlan:
    leaves = {
        leaf.code: DatasetClass(value, leaf.code, leaf.colour, leaf.code)
        for value, leaf in enumerate(profile.nomenclature.leaves("cs"))
    }
    found = {entry.name: leaves.get(profile.cover_of_class(entry.name) or entry.name) for entry in classes}
    unknown = [name for name, leaf in found.items() if leaf is None and not profile.knows_class(name)]
    if unknown:
        raise UnknownClassError(path=campaign, unknown=unknown, known=list(leaves))
    pairs = [(entry, leaf) for entry in classes if (leaf := found[entry.name]) is not None]
    return _plan(pairs, tuple(leaves.values()), AS_COVER)


def _plan(
    pairs: Sequence[tuple[DatasetClass, DatasetClass]], targets: tuple[DatasetClass, ...], name: str
) -> ClassPlan:
    used = {target.value for _, target in pairs}
    undecided = [target.value for target in targets if normalise_class_name(target.name) in UNDECIDED_NAMES]
    free = [value for value in undecided if value not in used]
    unlabelled = UNLABELLED if name == AS_CAMPAIGN or not free else free[0]
    table = np.full(256, unlabelled, dtype=np.uint8)
    for source, target in pairs:
        table[source.value] = target.value
    return ClassPlan(targets, table, unlabelled, name)


def class_table_names() -> list[str]:
    """Class tables that come with the program."""
    return sorted(path.stem for path in (resources_dir() / "models" / "class_tables").glob("*.json"))


def read_class_table(mapping: str | Path) -> tuple[tuple[DatasetClass, ...], dict[str, DatasetClass]]:
    """Classes of a table or file, and the class that each name (normalised) goes to.

    Raises:
        DatasetError: no such table, or a malformed file.
    """
    path = Path(mapping)
    if str(mapping) in class_table_names():
        path = resources_dir() / "models" / "class_tables" / f"{mapping}.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["classes"]
        classes, sources = [], {}
        for row in rows:
            value = row["value"] if "value" in row else row["index"]
            entry = DatasetClass(
                int(value), str(row["name"]), str(row.get("colour", "#000000")), str(row["name"])
            )
            if not 0 <= entry.value <= UNLABELLED:
                raise ValueError(f"value {entry.value} is not in 0..{UNLABELLED}")
            classes.append(entry)
            sources.update({normalise_class_name(name): entry for name in (entry.name, *row.get("from", ()))})
    except (OSError, ValueError, KeyError, TypeError) as error:
        names = ", ".join([AS_CAMPAIGN, AS_COVER, *class_table_names()])
        raise DatasetError(
            path=mapping,
            problem_en=f"not a class mapping ({error})",
            problem_fr=f"ce n'est pas une correspondance de classes ({error})",
            remedy_en=f"Give a JSON file, or one of {names}.",
            remedy_fr=f"Donnez un fichier JSON, ou l'un de {names}.",
        ) from error
    return tuple(classes), sources
