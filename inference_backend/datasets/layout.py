# SPDX-License-Identifier: GPL-2.0-or-later
"""What the layouts share: options, and how each is driven."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.datasets.campaign import Campaign
from inference_backend.datasets.class_plan import ClassPlan
from inference_backend.datasets.samples import Sample

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class LayoutContext:
    """What a layout is made with.

    Attributes:
        folder: to be filled; empty.
        campaign: the source.
        plan: classes of the data set.
        domain: what FLAIR calls a domain, a département and a year: `D032-2019`.
        acquired: day of the image, `YYYY-MM-DD`, or empty.
    """

    folder: Path
    campaign: Campaign
    plan: ClassPlan
    domain: str
    acquired: str

    @property
    def nodata(self) -> int | None:
        """Value of masks that is no data: the one of unlabelled pixels, where it is no class."""
        return self.plan.unlabelled if self.plan.unlabelled == UNLABELLED else None


class Layout(Protocol):
    """Writes samples one by one; nothing is a data set before `finish`."""

    def add(self, sample: Sample) -> dict[str, str]:
        """Write one sample; its files by role (`image`, `mask`), relative to the folder."""

    def finish(self) -> None:
        """Write the lists and descriptions."""


def write_csv(path: Path, rows: Iterable[Sequence[object]], delimiter: str = ",") -> None:
    """Write rows as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)


def write_json(path: Path, content: Any, indent: int | None = 1) -> None:
    """Write JSON in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent), encoding="utf-8")


def without_underscore(text: str, fallback: str) -> str:
    """A name fit for a part of a file name in which underscores separate parts."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or fallback
