# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that only describe an image: what they name is opened with them, wherever it lies."""

from __future__ import annotations

import re
from pathlib import Path

_HEAD_BYTES = 4096
_LARGEST_BYTES = 16 * 1024 * 1024
_DEEPEST = 8
_NAMED = re.compile(r"<Source(?:Filename|Dataset)\b[^>]*>([^<]*)<", re.IGNORECASE)
_ELSEWHERE = ("http", "/vsi", "ftp:", "//", "\\\\", "&", "|")
"""What a source elsewhere has in its name; `&` would hide it behind an XML entity."""
_TILE_INDEX = (".gti", ".gti.gpkg", ".gti.fgb")


def names_other_places(path: Path, depth: int = 0) -> bool:
    """Whether opening a file may reach beyond this computer's own files.

    An image of pixels does not. A VRT of plain files does not either; any other description (map services,
    catalogues, tile indexes) is taken as one that does.

    Args:
        path: a file; one that is missing names nothing.
        depth: how many descriptions led here.
    """
    if path.name.lower().endswith(_TILE_INDEX):
        return True
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return False
    if not start.startswith((b"<", b"{")):
        return False
    is_readable = b"<VRTDataset" in start and path.stat().st_size <= _LARGEST_BYTES and depth < _DEEPEST
    return not is_readable or _vrt_names_other_places(path, depth)


def _vrt_names_other_places(path: Path, depth: int) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    # A VRT inside a VRT, or an element that is not known here, may name anything.
    if text.lower().count("<vrtdataset") > 1 or "pythonmodules" in text.lower():
        return True
    if any(word in text.lower() for word in ("/vsi", "http:", "https:", "ftp:")):
        return True
    for name in (found.strip() for found in _NAMED.findall(text)):
        if any(word in name.lower() for word in _ELSEWHERE) or ":" in name[2:]:
            return True
        if names_other_places(path.parent / name, depth + 1):
            return True
    return False
