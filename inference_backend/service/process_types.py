# SPDX-License-Identifier: GPL-2.0-or-later
"""What a process is: texts, inputs, outputs and the function that does the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Progress

Inputs = dict[str, Any]
Results = dict[str, Any]
GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
GEOPACKAGE = "application/geopackage+sqlite3"


@dataclass(frozen=True)
class Output:
    """One output.

    Attributes:
        meaning: what it is, per language.
        schema: JSON Schema of its value; of a file, that of the text that says where it is.
        file_type: media type of a file, empty for a value.
    """

    meaning: dict[str, str]
    schema: dict[str, Any] = field(default_factory=dict)
    file_type: str = ""

    @property
    def described(self) -> dict[str, Any]:
        """Schema for the process description; of a file, where it is (the default) or its bytes."""
        if not self.file_type:
            return self.schema
        place = {"type": "string", "contentMediaType": "text/plain"}
        content = {"type": "string", "contentEncoding": "binary", "contentMediaType": self.file_type}
        return {"oneOf": [place, content]}


@dataclass(frozen=True)
class Process:
    """One process.

    Attributes:
        process_id: name in addresses.
        title: per language.
        description: per language.
        inputs: JSON Schema of the object of inputs.
        outputs: by name.
        execute: does the work; inputs were checked and their paths are absolute.
        targets: files that a job with these inputs writes.
        discard: removes what an unfinished job keeps to go on from.
        default_output: name of what is written where a client gives no `output`; empty where nothing is.
        is_short: may be waited for (`sync-execute`).
    """

    process_id: str
    title: dict[str, str]
    description: dict[str, str]
    inputs: dict[str, Any]
    outputs: dict[str, Output]
    execute: Callable[[Inputs, Progress, SourcePolicy], Results]
    targets: Callable[[Inputs], list[Path]]
    discard: Callable[[Inputs], None] = lambda inputs: None
    default_output: str = ""
    is_short: bool = False

    @property
    def job_control(self) -> list[str]:
        """The standard's `jobControlOptions`."""
        return [*(["sync-execute"] if self.is_short else []), "async-execute", "dismiss"]
