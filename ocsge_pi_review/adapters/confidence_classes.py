# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes in which confidence is shown, the same for polygons and pixels."""

from __future__ import annotations

import json
from dataclasses import dataclass

from inference_backend.contracts.locate import resources_dir
from ocsge_common.translation import user_language


@dataclass(frozen=True)
class ConfidenceClass:
    """One row of the legend; `high` belongs to it in the last class alone."""

    low: float
    high: float
    colour: str
    label: str


def confidence_classes() -> list[ConfidenceClass]:
    """From the least sure to the surest."""
    legend = json.loads((resources_dir() / "styles" / "legend.json").read_text(encoding="utf-8"))
    key = "label_fr" if user_language() == "fr" else "label_en"
    return [ConfidenceClass(row["low"], row["high"], row["colour"], row[key]) for row in legend["confidence"]]
