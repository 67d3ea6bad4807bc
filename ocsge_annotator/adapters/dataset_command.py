# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend's command `ocsge dataset`, run for an algorithm on the files of this computer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ocsge_annotator.errors import DatasetCommandError
from ocsge_common.backend.child import run_child
from ocsge_common.backend.environment import claim_use, find_command
from ocsge_common.backend.scrubbed import scrubbed_variables
from ocsge_common.settings import backend_settings
from ocsge_common.translation import user_language

_PROGRESS = re.compile(r"\b(\d{1,3}) %")


def run_dataset_command(
    arguments: Sequence[str], report: Callable[[float], None], say: Callable[[str], object]
) -> None:
    """Run `ocsge dataset`.

    Args:
        arguments: behind `dataset`.
        report: takes the share done; whatever it raises ends the command.
        say: takes the lines that are no progress.

    Raises:
        BackendNotFoundError: this computer has no backend.
        DatasetCommandError: the command refused, with its reason.
    """
    command = find_command(backend_settings().load())
    claim = claim_use(command)
    told: list[str] = []
    share = 0.0

    def take(line: str) -> None:
        nonlocal share
        found = _PROGRESS.search(line)
        if found:
            share = int(found[1]) / 100
        elif line.strip():
            told.append(line.rstrip())

    try:
        language = "fr" if user_language().startswith("fr") else "en"
        status = run_child(
            [str(command), "--lang", language, "dataset", *arguments],
            scrubbed_variables(),
            take,
            lambda: report(share),
        )
    finally:
        if claim is not None:
            claim.unlock()
    if status != 0:
        raise DatasetCommandError(detail=told[-1] if told else str(status))
    for line in told:
        say(line)
