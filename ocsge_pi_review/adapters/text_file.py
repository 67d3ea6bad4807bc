# SPDX-License-Identifier: GPL-2.0-or-later
"""A table to take away, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from ocsge_pi_review.domain.errors import LayerFileError


def write_text(path: Path, text: str) -> None:
    """Write a table that spreadsheets read as UTF-8.

    Raises:
        LayerFileError: it cannot be written; what was there stays.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise LayerFileError(
            layer=path,
            problem_en=f"it cannot be written ({error.strerror})",
            problem_fr=f"écriture impossible ({error.strerror})",
            remedy_en="Choose another folder, or free some space.",
            remedy_fr="Choisissez un autre dossier, ou libérez de la place.",
        ) from error
