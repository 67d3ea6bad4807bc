# SPDX-License-Identifier: GPL-2.0-or-later
"""Which field of a file is which attribute of the profile, and what the rules miss where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.references.reference_layers import Notice

_DBF_NAME_CHARACTERS = 10


def matching_fields(fields: Sequence[str], spellings: dict[str, list[str]]) -> dict[str, str]:
    """Attribute of the profile to field of the file, whatever its case and were it cut to ten characters.

    Args:
        fields: names in the file.
        spellings: attribute to the names it goes by, the best first.
    """
    lower = {name.lower(): name for name in fields}
    found: dict[str, str] = {}
    for attribute, names in spellings.items():
        for name in (*names, *(name[:_DBF_NAME_CHARACTERS] for name in names)):
            if name in lower:
                found[attribute] = lower[name]
                break
    return found


def missing_attributes(
    file: Path, layer: str, role: str, fields: Sequence[str], chosen: dict[str, str], profile: Profile
) -> Iterator[Notice]:
    """What must be told of a layer that lacks attributes without which rules stay silent."""
    if not fields:
        yield Notice(
            file,
            layer,
            "no attribute table (is the .dbf missing?); the profile's defaults are used",
            "aucune table d'attributs (le .dbf manque-t-il ?) ; les valeurs par défaut du profil servent",
        )
        return
    missing = sorted(_needed(role, profile) - set(chosen))
    if missing:
        names = ", ".join(missing)
        yield Notice(
            file,
            layer,
            f"no attribute {names}; the rules that need it say nothing",
            f"pas d'attribut {names} ; les règles qui en ont besoin ne disent rien",
        )


def _needed(role: str, profile: Profile) -> set[str]:
    """Attributes that must have a value for some rule about `role` to speak."""
    rules: list[dict[str, Any]] = [
        *(rule for rule in profile.section("skeleton").values() if "layer" in rule),
        *profile.section("cover_rules"),
        *profile.section("use_rules"),
    ]
    conditions = [c for rule in rules if rule.get("layer") == role for c in rule.get("where", ())]
    return {
        condition["attribute"]
        for condition in conditions
        if ("in" in condition or "starts_with" in condition) and condition.get("when_missing") != "keep"
    }
