# SPDX-License-Identifier: GPL-2.0-or-later
"""From a model to its int8 twin, whose card says how far the results moved."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import onnx

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.model_card import ModelCard
from inference_backend.errors import OutputError, OutputIsInputError
from inference_backend.models.export import put_card
from inference_backend.models.reader import ModelFile, read_model
from inference_backend.progress import Progress, Silent, Span
from inference_backend.runtime.agreement import Agreement, Sample, compare
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.quantise import quantised

SCORES_KEY = "quantisation"
_ENGINE = "openvino"
"""Both networks are compared on it: the one that gains from int8."""


@dataclass(frozen=True)
class Quantised:
    """A model written, and how far its results lie from the one it was made from."""

    model: ModelFile
    agreement: Agreement


def write_quantised(
    model: ModelFile,
    calibration: Sequence[Sample],
    comparison: Sequence[Sample],
    output: Path,
    progress: Progress | None = None,
) -> Quantised:
    """Write the int8 twin of `model` with its card.

    Args:
        model: of 32 or 16 bits.
        calibration: tiles that give the ranges of values.
        comparison: other tiles, on which both are compared.
        output: ONNX file to write.
        progress: told as it goes on.

    Raises:
        QuantiserMissingError: NNCF is not installed.
        ModelError: the network has 8 bits already, or cannot be treated.
        EngineError: the result cannot be run.
        OutputIsInputError: `output` is the model itself.
        OutputError: the file cannot be written.
        Cancelled: the user stopped; nothing was written.
    """
    progress = progress or Silent()
    if output.exists() and output.samefile(model.path):
        raise OutputIsInputError(path=output)
    network = quantised(model, [values for values, _ in calibration], Span(progress, 0, 0.6))
    put_card(network, _card(model.card))
    try:
        with replace_when_done(output) as temporary:
            onnx.save(network, str(temporary))
            agreement = _compared(model, read_model(temporary), comparison, Span(progress, 0.6, 1))
            counts = {"calibration_tiles": len(calibration), "comparison_tiles": len(comparison)}
            put_card(network, _card(model.card, {**counts, **agreement.to_dict(model.card.classes)}))
            onnx.save(network, str(temporary))
    except OSError as error:
        raise OutputError(path=output, reason=error.strerror or error) from error
    return Quantised(read_model(output), agreement)


def _compared(model: ModelFile, other: ModelFile, samples: Sequence[Sample], progress: Progress) -> Agreement:
    with closing(open_engine("openvino-f32", model)) as one, closing(open_engine(_ENGINE, other)) as two:
        return compare(one, two, samples, model.card, progress)


def _card(card: ModelCard, found: dict[str, Any] | None = None) -> ModelCard:
    """The card of the int8 network: the same, and what is known of the difference."""
    if found is None:
        return replace(card, version=f"{card.version} int8".strip())
    said = (
        f"int8 twin of {card.name} {card.version}".rstrip()
        + f": the same class wins on {100 * found['argmax_agreement']:.2f} % of {found['pixels']:,} pixels "
        f"that were not used to calibrate it (scores.{SCORES_KEY}). Other scores are those of the original."
    )
    return replace(
        _card(card),
        description=f"{card.description} {said}".strip(),
        scores={**card.scores, SCORES_KEY: found},
    )
