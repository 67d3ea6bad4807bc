# SPDX-License-Identifier: GPL-2.0-or-later
"""One inference request packed, and its answer unpacked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from inference_backend.runtime.kserve.connection import Reply
from inference_backend.runtime.kserve.errors import BadServerAnswerError, MalformedMessageError
from inference_backend.runtime.kserve.model import PARAMETER_MIN_CONFIDENCE, PLANES, RemoteModel
from inference_backend.runtime.kserve.wire import (
    BINARY_TYPE,
    JSON_TYPE,
    LENGTH_HEADER,
    Tensor,
    decode,
    encode,
)

_JSON_GROWTH = {True: 6, False: 5}
"""Bytes of JSON for each byte of planes (`255, `), and of scores in FP64 (25 characters and a comma)."""
_ENVELOPE_BYTES = 2**16


def packed(
    remote: RemoteModel, image: NDArray[Any], outputs: Sequence[str], min_confidence: float | None = None
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a request.

    Args:
        remote: the model asked.
        image: in the type and with the axes that it takes.
        outputs: names of the tensors asked for.
        min_confidence: for the planes, 0..1.
    """
    wish = {"parameters": {"binary_data": True}} if remote.is_binary else {}
    envelope: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "outputs": [{"name": name, **wish} for name in outputs],
    }
    if min_confidence is not None:
        envelope["parameters"] = {PARAMETER_MIN_CONFIDENCE: min_confidence}
    body, json_length = encode(envelope, "inputs", [Tensor(remote.input_name, image)], [remote.is_binary])
    if json_length is None:
        return body, {"Content-Type": JSON_TYPE}
    return body, {"Content-Type": BINARY_TYPE, LENGTH_HEADER: str(json_length)}


def answer_limit(remote: RemoteModel, outputs: Sequence[str], max_bytes: int) -> int:
    """Bytes that an answer may have whose tensors take `max_bytes` in memory."""
    growth = 1 if remote.is_binary else _JSON_GROWTH[tuple(outputs) == (PLANES,)]
    return max_bytes * growth + _ENVELOPE_BYTES


def unpacked(url: str, reply: Reply, outputs: Sequence[str], max_bytes: int) -> list[NDArray[Any]]:
    """The tensors called `outputs`.

    Raises:
        BadServerAnswerError: parts that contradict each other, or a tensor is missing.
    """
    length = reply.headers.get(LENGTH_HEADER)
    is_number = length is not None and length.isascii() and length.isdigit() and len(length) < 19
    json_length = None if length is None else int(length) if is_number else -1
    try:
        _, tensors = decode(reply.body, json_length, "outputs", max_bytes)
    except MalformedMessageError as error:
        raise BadServerAnswerError(url=url, **error.values) from error
    by_name = {tensor.name: tensor.values for tensor in tensors}
    missing = [name for name in outputs if name not in by_name]
    if missing:
        raise BadServerAnswerError(
            url=url,
            problem_en=f"it lacks the tensor {missing[0]}",
            problem_fr=f"il y manque le tenseur {missing[0]}",
        )
    return [by_name[name] for name in outputs]
