# SPDX-License-Identifier: GPL-2.0-or-later
"""Files beside a model that describe it: which there are, which is read, and how ours is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import ModelCard
from inference_backend.errors import OutputError
from inference_backend.models.draft import Draft
from inference_backend.models.errors import BadSidecarError, StaleSidecarError
from inference_backend.models.geoai import draft_from_geoai, is_geoai
from inference_backend.models.graph import GraphFacts
from inference_backend.models.stac_read import draft_from_stac, file_size_of, is_stac_mlm
from inference_backend.models.stac_write import stac_item

MAX_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Sidecar:
    """A description and what it says; `trusted` where it beats what the model says of itself."""

    path: Path
    draft: Draft
    trusted: bool


def sidecar_path(model: Path) -> Path:
    """Where our description of a model is: `name.stac.json` beside `name.onnx`."""
    return model.with_name(f"{model.stem}.stac.json")


def read_sidecar(model: Path) -> Sidecar | None:
    """The description beside a model; None where there is none.

    Raises:
        BadSidecarError: it cannot be used.
        StaleSidecarError: it describes a file of another size.
    """
    for path in (sidecar_path(model), model.with_suffix(".json"), model.with_name(model.name + ".json")):
        if path.is_file():
            document = read_document(path)
            if is_stac_mlm(document):
                _refuse_stale(path, document, model)
                return Sidecar(path, draft_from_stac(path, document), trusted=True)
            if is_geoai(document):
                return Sidecar(path, draft_from_geoai(path, document), trusted=False)
    return None


def read_document(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises:
        BadSidecarError: unreadable, too large, or not a JSON object.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"> {MAX_BYTES >> 20} MiB")
        document = json.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
        raise BadSidecarError(path=path, reason_en=reason, reason_fr=reason) from error
    if not isinstance(document, dict):
        raise BadSidecarError(path=path, reason_en="not a JSON object", reason_fr="pas un objet JSON")
    return document


def write_sidecar(
    card: ModelCard, graph: GraphFacts, model: Path | str, path: Path | None = None, architecture: str = ""
) -> Path:
    """Write the STAC item of `model` and return its path; of an address, `path` must be given."""
    target = path or sidecar_path(Path(model))
    text = json.dumps(stac_item(card, graph, model, architecture), ensure_ascii=False, indent=1)
    try:
        with replace_when_done(target) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(path=target, reason=error.strerror or error) from error
    return target


def _refuse_stale(path: Path, document: dict[str, Any], model: Path) -> None:
    said, found = file_size_of(path, document), model.stat().st_size
    if said is not None and said != found:
        raise StaleSidecarError(path=path, model=model, said=said, found=found)
