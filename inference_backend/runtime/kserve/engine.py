# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine that asks a server of the Open Inference Protocol (KServe V2), such as Triton or our service."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.kserve.address import parse_address, token_of_environment
from inference_backend.runtime.kserve.call import answer_limit, packed, unpacked
from inference_backend.runtime.kserve.connection import PATIENCE_S, TIMEOUT_S, Connection
from inference_backend.runtime.kserve.errors import BadServerAnswerError, RemoteModelMismatchError
from inference_backend.runtime.kserve.index import find_model
from inference_backend.runtime.kserve.model import (
    PARAMETER_INPUT,
    PLANES,
    RemoteModel,
    class_counts,
    remote_model,
)
from inference_backend.runtime.kserve.wire import DATATYPES, datatype_of
from inference_backend.runtime.standardise import standardised

WORKERS_ENVIRONMENT = "OCSGE_V2_WORKERS"
_BYTES_PER_SCORE = 8  # FP64, the widest


class KserveEngine:
    """A network on a server.

    Args:
        model: card, and the graph's names for servers that tell none.
        url: `http://host:port`, or with `/v2/models/NAME[/versions/V]`; without a name, the model of the
            server that is called like the card, else like the file.
        timeout_s: for one answer.
        patience_s: how long a request is repeated while the server is away or busy.

    Raises:
        RemoteEngineError: no server, or its model is not the card's.
    """

    name = "v2"

    def __init__(
        self, model: ModelFile, url: str, timeout_s: float = TIMEOUT_S, patience_s: float = PATIENCE_S
    ) -> None:
        self._model = model
        address = parse_address(url)
        self._connection = Connection(address, token_of_environment(), timeout_s, patience_s)
        try:
            server = self._connection.document("/v2")
            names = [address.model] if address.model else [model.card.name, model.path.stem]
            path, metadata = find_model(self._connection, address, names)
            if PARAMETER_INPUT in (metadata.get("parameters") or {}):
                # Our own service: it loads the model now, and says more of a loaded one.
                self._connection.document(path + "/ready")
                metadata = self._connection.document(path)
            self._url = self._connection.url + path
            self._remote: RemoteModel = remote_model(self._url, path, server, metadata, model)
        except BaseException:
            self._connection.close()
            raise
        self.precision = self._remote.precision
        asked = os.environ.get(WORKERS_ENVIRONMENT, "")
        self.workers = int(asked) if asked.isdigit() and 0 < int(asked) <= 64 else self._remote.workers

    @property
    def gives_planes(self) -> bool:
        """Whether `planes` works: a twentieth of the bytes of the scores."""
        return self._remote.has_planes

    def infer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Run the network; see `Engine.infer`.

        Raises:
            RemoteEngineError: the server is gone, refuses, or answers with something else than scores.
        """
        if not self._remote.has_batch_axis:
            return np.concatenate(
                [self._scores(self._as_input(image[None])[0], image[None]) for image in values]
            )
        return self._scores(self._as_input(values), values)

    def planes(self, values: NDArray[Any], min_confidence: float) -> NDArray[np.uint8]:
        """Class, confidence, runner-up and margin, made by the server.

        Args:
            values: as for `infer`.
            min_confidence: top-1 score below which no class wins, 0..1.

        Returns:
            (N, 4, h, w) uint8, see `contracts.prediction`, all of it taken to be inside the image.
        """
        (planes,) = self._ask(values, (PLANES,), 4 * math.prod(values.shape), min_confidence)
        count, _, height, width = values.shape
        if (
            planes.dtype != np.uint8
            or planes.shape[:2] != (count, 4)
            or not _is_window(planes, height, width)
        ):
            raise self._bad_shape(PLANES, planes, (count, 4, height, width))
        return planes

    def close(self) -> None:
        """End the connections and the waiting for an answer; safe to call twice."""
        self._connection.close()

    def _scores(self, image: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
        count, _, height, width = values.shape
        numbers = count * len(self._model.card.classes) * height * width
        answers = self._ask(image, self._remote.outputs, numbers * _BYTES_PER_SCORE)
        if not self._remote.has_batch_axis:
            answers = [answer[None] if answer.ndim < 4 else answer for answer in answers]
        flat = len(answers) == 1 and answers[0].ndim == 3
        expected = (count, len(self._model.card.classes), height, width)
        for name, answer in zip(self._remote.outputs, answers, strict=True):
            rank_fits = answer.ndim == 4 or flat
            if not rank_fits or answer.shape[0] != count or not _is_window(answer, height, width):
                raise self._bad_shape(name, answer, expected)
        scores = answers[0] if len(answers) == 1 else np.concatenate(answers, axis=1)
        channels = 1 if flat else scores.shape[1]
        if channels not in class_counts(self._model) or not self._is_usable(scores):
            raise self._bad_shape(", ".join(self._remote.outputs), scores, expected)
        return scores if scores.dtype.kind in "iu" else scores.astype(np.float32, copy=False)

    def _is_usable(self, scores: NDArray[Any]) -> bool:
        if scores.dtype.kind == "f":
            return True
        return scores.dtype.kind in "iu" and self._model.card.output == "argmax"

    def _as_input(self, values: NDArray[Any]) -> NDArray[Any]:
        """Raster values in the type that the server takes."""
        remote, dtype = self._remote, DATATYPES[self._remote.input_type]
        if not remote.takes_raster_values:
            return standardised(values, self._model.card).astype(dtype, copy=False)
        if remote.takes_any_type or values.dtype == dtype:
            return values
        with np.errstate(invalid="ignore"):
            cast = values.astype(dtype)
        if not np.array_equal(cast, values):
            raise RemoteModelMismatchError(
                url=self._url,
                what_en="the type of its input",
                what_fr="le type de son entrée",
                remote=remote.input_type,
                card=datatype_of(values),
            )
        return cast

    def _ask(
        self,
        image: NDArray[Any],
        outputs: tuple[str, ...],
        max_bytes: int,
        min_confidence: float | None = None,
    ) -> list[NDArray[Any]]:
        """The tensors called `outputs`, which together take at most `max_bytes`."""
        body, headers = packed(self._remote, image, outputs, min_confidence)
        limit = answer_limit(self._remote, outputs, max_bytes)
        reply = self._connection.send("POST", self._remote.path + "/infer", body, headers, max_bytes=limit)
        return unpacked(self._url, reply, outputs, max_bytes)

    def _bad_shape(self, name: str, found: NDArray[Any], expected: tuple[int, ...]) -> BadServerAnswerError:
        shape, type_ = list(found.shape), datatype_of(found)
        return BadServerAnswerError(
            url=self._url,
            problem_en=f"tensor {name} is {type_} {shape}, {list(expected)} was expected",
            problem_fr=f"le tenseur {name} est {type_} {shape}, il faut {list(expected)}",
        )


def _is_window(answer: NDArray[Any], height: int, width: int) -> bool:
    """Whether an answer covers the tile but for the same even margin on each side."""
    lost: int = height - answer.shape[-2]
    return width - answer.shape[-1] == lost and lost >= 0 and lost % 2 == 0
