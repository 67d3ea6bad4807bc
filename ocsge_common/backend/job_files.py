# SPDX-License-Identifier: GPL-2.0-or-later
"""A job whose inputs and results are files of this computer, wherever the backend runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .client import BackendClient
from .files import SentFiles, SharedFiles, sees_our_files
from .follow import Report, run_job


def files_of(
    client: BackendClient,
    say: Callable[[str], None],
    report: Callable[[float], None],
    *,
    same_disk: bool = False,
) -> SharedFiles:
    """How a backend gets at files of this computer.

    Args:
        client: the backend.
        say: takes a text for the log.
        report: takes the share of a transfer; raises `TaskCancelledError` to stop it.
        same_disk: a remote backend sees the files of this computer under the same paths.
    """
    if same_disk or sees_our_files(client.url):
        return SharedFiles()
    return SentFiles(client, say, report)


def run_on_files(
    client: BackendClient,
    files: SharedFiles,
    process_id: str,
    inputs: dict[str, Any],
    outputs: dict[str, Path],
    report: Report,
    output_input: str = "output",
    may_replace: Callable[[Path], None] = lambda path: None,
) -> dict[str, Any]:
    """Run a process.

    Args:
        client: the backend.
        files: of `files_of`.
        process_id: for instance `predict`.
        inputs: as the process describes them; a file is a `Path`, an address or a name a text.
        outputs: name of an output to the file it is to be in; the first one is what `output_input` names.
        report: see `run_job`.
        output_input: input that says where the first output goes; given only to a backend that sees this
            computer's files.
        may_replace: raises for a file that must not be replaced; asked before the work and after it, of
            results that are fetched.

    Returns:
        The outputs of the process; files by their path here.

    Raises:
        BackendError: unreachable, refused or failed.
        TaskCancelledError: the user stopped it; the job is gone and so are its files.
    """

    def ask() -> None:
        for target in outputs.values() if files.sends else ():
            may_replace(target)

    ask()
    wire = {name: files.plain(value) for name, value in inputs.items()}
    if outputs and not files.sends:
        wire[output_input] = str(next(iter(outputs.values())))
    found = run_job(client, process_id, wire, report)
    ask()
    for name, target in outputs.items():
        if isinstance(found.get(name), str):
            found[name] = str(files.bring(found[name], target))
    return found
