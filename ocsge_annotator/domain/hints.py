# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors as hints: the class a feature stands for, and how wide a line is, as the profile says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from inference_backend.contracts.profile import Profile, normalise_class_name
from ocsge_annotator.domain.label_classes import LabelClass

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class HintRule:
    """How one reference layer is read.

    Attributes:
        layer: its name in the profile.
        rule: its row in the profile's `annotation.hints`.
        filters: conditions that a feature has to meet.
        columns: names under which an attribute of the profile may be found in a file.
        profile: gives widths.
    """

    layer: str
    rule: Mapping[str, Any]
    filters: Sequence[Mapping[str, Any]]
    columns: Mapping[str, Sequence[str]]
    profile: Profile

    def value_of(self, feature: Attributes, classes: Sequence[LabelClass]) -> int | None:
        """Class value of a feature, None where it is filtered out or the campaign has no such class.

        Args:
            feature: values by column of the file, lower case.
            classes: of the campaign.
        """
        if not all(self._meets(feature, condition) for condition in self.filters):
            return None
        names = self.rule["class"]
        by = self.rule.get("class_by")
        if by is not None:
            names = by["values"].get(_text(self.get(feature, by["attribute"])), names)
        return _class_value(names, classes)

    def width_m(self, feature: Attributes) -> float | None:
        """Width of a line, m; None for an area."""
        kind = self.rule.get("width")
        if kind == "carriageway":
            return self._carriageway_m(feature)
        if kind == "tracks":
            rails = ("skeleton", "rails")
            tracks = max(1.0, _number(self.get(feature, "voies")))
            verge_m = self.profile.number(*rails, "verge")
            return tracks * self.profile.number(*rails, "width_per_track") + 2 * verge_m
        return None

    def get(self, feature: Attributes, name: str) -> Any:
        """Value of an attribute of the profile, None where the file has no such column."""
        columns = (*self.columns.get(name, ()), name)
        return next((feature[column] for column in columns if column in feature), None)

    def _carriageway_m(self, feature: Attributes) -> float:
        roads = ("skeleton", "roads")
        width_m = _number(self.get(feature, "largeur"))
        if width_m <= 0:
            section = self.profile.section(*roads)
            by_nature = section["width_by_nature"].get(_text(self.get(feature, "nature")))
            by_rank = section["width_by_importance"].get(_text(self.get(feature, "importance")))
            width_m = float((by_nature or by_rank or section["default_width"])["value"])
        return width_m + 2 * self.profile.number(*roads, "verge")

    def _meets(self, feature: Attributes, condition: Mapping[str, Any]) -> bool:
        found = self.get(feature, condition["attribute"])
        text = _text(found)
        if not text:
            return True
        if "in" in condition and text not in condition["in"]:
            return False
        if "not_in" in condition and text in condition["not_in"]:
            return False
        starts = condition.get("starts_with")
        if starts is not None and not text.startswith(tuple(starts)):
            return False
        least = condition.get("at_least")
        return least is None or _number(found) >= float(least["value"])


def hint_rules(profile: Profile) -> list[HintRule]:
    """The hints of a profile, in the order in which they are drawn."""
    layers = profile.section("references", "layers")
    rules = []
    for row in profile.rules.get("annotation", {}).get("hints", ()):
        attributes = layers.get(row["layer"], {}).get("attributes", {})
        rules.append(
            HintRule(row["layer"], row, _filters(profile, row.get("where", "")), attributes, profile)
        )
    return rules


def rule_of_layer(rules: Sequence[HintRule], profile: Profile, *names: str) -> HintRule | None:
    """The rule of a file's layer, by the names that the profile knows it under; None for an unknown one.

    Args:
        rules: of `hint_rules`.
        profile: the same.
        names: of the layer, its file, its title: the first that is known decides.
    """
    layers = profile.section("references", "layers")
    for name in names:
        plain = PurePath(name).stem.lower()
        for rule in rules:
            known = layers.get(rule.layer, {}).get("names", (rule.layer,))
            if any(plain.startswith(entry) for entry in known):
                return rule
    return None


def _filters(profile: Profile, where: str) -> Sequence[Mapping[str, Any]]:
    """The conditions of a part of the skeleton or of a cover rule, named `section/name`."""
    section, _, name = where.partition("/")
    if not section:
        return ()
    if section == "cover_rules":
        rules = profile.section(section)
        return next((rule.get("where", ()) for rule in rules if rule["name"] == name), ())
    where_rules: Sequence[Mapping[str, Any]] = profile.section(section, name).get("where", ())
    return where_rules


def _class_value(names: Sequence[str], classes: Sequence[LabelClass]) -> int | None:
    by_name = {normalise_class_name(entry.name): entry.value for entry in classes}
    return next((by_name[key] for key in map(normalise_class_name, names) if key in by_name), None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
