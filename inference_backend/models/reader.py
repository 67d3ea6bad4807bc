# SPDX-License-Identifier: GPL-2.0-or-later
"""From a model file to a model that can be run: its graph, its card, and that both agree."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.model_card import METADATA_KEY, ModelCard
from inference_backend.models.card_checks import check_agreement, check_values
from inference_backend.models.deepness import draft_from_deepness
from inference_backend.models.draft import Draft, complete, merge
from inference_backend.models.errors import BadModelValueError, BadSidecarError, StaleSidecarError
from inference_backend.models.graph import GraphFacts, read_graph
from inference_backend.models.sidecars import read_document, read_sidecar
from inference_backend.models.stac_read import draft_from_stac, graph_from_stac, is_stac_mlm

DEFAULT_MODEL = "ocsge-baseline.onnx"


@dataclass(frozen=True)
class ModelFile:
    """A model file whose card and graph agree."""

    path: Path
    card: ModelCard
    graph: GraphFacts

    @property
    def label(self) -> str:
        """Name and version, as written into predictions."""
        return f"{self.card.name} {self.card.version}".strip()

    @property
    def output_names(self) -> tuple[str, ...]:
        """Tensors to read and to join along the class axis."""
        return self.card.output_tensors or (self.graph.output_name,)


def default_model_path() -> Path:
    """The model that comes with the project."""
    return resources_dir() / "models" / DEFAULT_MODEL


def read_model(path: Path) -> ModelFile:
    """Read a model and its card.

    The card is put together from, in this order: a STAC MLM item beside the model, the model's own key
    `ocsge_card`, Deepness's keys, GeoAI's file beside the model, the graph.

    Args:
        path: ONNX file; or the STAC MLM item alone of a model that a server has.

    Raises:
        ModelError: unreadable, hostile, of another kind, without a card, or its graph and card disagree.
    """
    if path.suffix.lower() == ".json":
        return read_described(path)
    graph = read_graph(path)
    return finish(path, graph, known_draft(path, graph))


def finish(path: Path, graph: GraphFacts, draft: Draft) -> ModelFile:
    """A model from what is known of it.

    Raises:
        ModelError: something is missing, out of range, or contradicts the graph.
    """
    card = complete(path, graph, draft)
    check_values(path, card)
    check_agreement(path, card, graph)
    return ModelFile(path, card, graph)


def known_draft(path: Path, graph: GraphFacts, *, to_be_replaced: bool = False) -> Draft:
    """What the file and its neighbours say.

    Args:
        path: ONNX file.
        graph: what it says of its input and outputs.
        to_be_replaced: whether the description beside it is about to be, so that it does not matter that it
            was made for another file.

    Raises:
        ModelError: a source that cannot be used.
    """
    try:
        sidecar = read_sidecar(path)
    except StaleSidecarError:
        if not to_be_replaced:
            raise
        sidecar = None
    trusted = sidecar.draft if sidecar and sidecar.trusted else {}
    guessed = sidecar.draft if sidecar and not sidecar.trusted else {}
    own = _own_draft(path, graph.metadata.get(METADATA_KEY))
    deepness = {} if own else draft_from_deepness(path, graph)
    return merge(trusted, own, deepness, guessed)


def read_described(path: Path) -> ModelFile:
    """A model of which only the STAC MLM item is here.

    Raises:
        ModelError: the item cannot be used.
    """
    document = read_document(path)
    if not is_stac_mlm(document):
        raise BadSidecarError(
            path=path,
            reason_en="it is not a STAC item with mlm:input",
            reason_fr="ce n'est pas un élément STAC avec mlm:input",
        )
    return finish(path, graph_from_stac(path, document), draft_from_stac(path, document))


def _own_draft(path: Path, text: str | None) -> Draft:
    if text is None:
        return {}
    try:
        card = ModelCard.from_dict(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadModelValueError(
            path=path,
            key=METADATA_KEY,
            value=f"« {text[:60]} »",
            expected_en=f"a model card in JSON ({error})",
            expected_fr=f"une fiche de modèle en JSON ({error})",
        ) from error
    return {field.name: getattr(card, field.name) for field in fields(card)}
