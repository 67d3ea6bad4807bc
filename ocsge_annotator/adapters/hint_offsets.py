# SPDX-License-Identifier: GPL-2.0-or-later
"""How far each reference layer was moved on each patch: `hints/<patch>.json` beside the campaign."""

from __future__ import annotations

import json
from pathlib import Path

from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch

HINT_FOLDER = "hints"
Offset = tuple[float, float]
"""East and north, m."""


def offset_file(campaign: Campaign, patch: Patch) -> Path:
    """Where the offsets of a patch are kept."""
    return campaign.path.parent / HINT_FOLDER / f"{patch.patch_id}.json"


def read_offsets(path: Path) -> dict[str, Offset]:
    """Offset by title of the source; empty where nothing was moved."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(title): (float(offset[0]), float(offset[1])) for title, offset in found.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        return {}


def write_offsets(path: Path, offsets: dict[str, Offset]) -> None:
    """Remember the offsets of a patch.

    Raises:
        WriteError: the system refuses; the previous file is intact.
    """
    rounded = {title: [round(east, 3), round(north, 3)] for title, (east, north) in offsets.items()}
    write_whole(path, json.dumps(rounded, ensure_ascii=False, indent=1).encode())
