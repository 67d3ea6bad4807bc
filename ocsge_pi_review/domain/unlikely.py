# SPDX-License-Identifier: GPL-2.0-or-later
"""Couples of cover and use that are seldom right: shown to the operator, never refused."""

from __future__ import annotations

from dataclasses import dataclass

from inference_backend.contracts.profile import Profile


@dataclass(frozen=True)
class UnlikelyPair:
    """Why a couple deserves a second look, by language (`fr`, `en`)."""

    cs: str
    us: str
    why: dict[str, str]

    def text(self, language: str) -> str:
        """The reason in a language, French where that language is missing."""
        return self.why.get(language[:2], self.why["fr"])


def unlikely_pair(cs: str, us: str, profile: Profile) -> UnlikelyPair | None:
    """The profile's reservation about a couple; None where it has none.

    Entries of the profile name branches of the nomenclature, a leaf being the smallest.
    """
    tree = profile.nomenclature
    if cs not in tree or us not in tree:
        return None
    covers, uses = tree.ancestors(cs), tree.ancestors(us)
    for entry in profile.section("unlikely_pairs", "pairs"):
        if not set(covers).isdisjoint(entry["cover_branches"]) and not set(uses).isdisjoint(
            entry["use_branches"]
        ):
            return UnlikelyPair(cs, us, {"fr": entry["why_fr"], "en": entry["why_en"]})
    return None
