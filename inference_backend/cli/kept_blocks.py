# SPDX-License-Identifier: GPL-2.0-or-later
"""What an interrupted run leaves, told to the person who interrupted it."""

from __future__ import annotations

from pathlib import Path

from inference_backend.cli.language import choose


def kept_text(blocks: int, output: Path) -> str:
    """How many finished blocks are kept of `output`, where, and what to do with them."""
    from inference_backend.work.work_folder import work_folder

    folder = work_folder(output)
    return choose(
        f"{blocks} finished blocks are kept in {folder}: the same command goes on from there.",
        f"{blocks} blocs finis sont conservés dans {folder} : la même commande reprendra de là.",
    )
