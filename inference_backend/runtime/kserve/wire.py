# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages of the Open Inference Protocol (KServe V2) to and from bytes; client and server share it.

A message is a JSON object whose `inputs` or `outputs` are tensors. With the binary tensor extension the
JSON comes first and the tensors follow it, little-endian, in order. Whatever arrives is taken for a lie until
its sizes agree with each other.

Source: Open Inference Protocol, HTTP/REST; Triton's "Binary Tensor Data Extension".
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inference_backend.runtime.kserve.errors import MalformedMessageError

BINARY_EXTENSION = "binary_tensor_data"
LENGTH_HEADER = "Inference-Header-Content-Length"
JSON_TYPE, BINARY_TYPE = "application/json", "application/octet-stream"
DATATYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    **{
        f"{kind}{8 * size}": np.dtype(f"<{kind[0].lower()}{size}")
        for kind in ("UINT", "INT")
        for size in (1, 2, 4, 8)
    },
    **{f"FP{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
}
MAX_DIMENSIONS = 8
_SIZE = "binary_data_size"
_CHUNK = 1 << 16  # numbers written at once, so that other threads run in between
_ALIGNMENT = 64

Side = Literal["inputs", "outputs"]


@dataclass(frozen=True)
class Tensor:
    """A named array."""

    name: str
    values: NDArray[Any]


def datatype_of(values: NDArray[Any]) -> str:
    """The protocol's name of an array's type, for instance `UINT8`."""
    return next(name for name, dtype in DATATYPES.items() if dtype == values.dtype)


def encode(
    envelope: dict[str, Any], side: Side, tensors: Sequence[Tensor], binary: Sequence[bool]
) -> tuple[bytes, int | None]:
    """A message and the length of its JSON part, None where it is all JSON.

    Args:
        envelope: the message without its tensors.
        side: key of the tensors.
        tensors: in order.
        binary: for each tensor, whether it follows the JSON.

    Raises:
        MalformedMessageError: NaN or infinity in a tensor that JSON must carry.
    """
    entries, tail = [], []
    for tensor, is_binary in zip(tensors, binary, strict=True):
        values = np.ascontiguousarray(tensor.values)
        head = {"name": tensor.name, "shape": list(values.shape), "datatype": datatype_of(values)}
        if is_binary:
            raw = values.astype(values.dtype.newbyteorder("<"), copy=False)
            tail.append(raw.reshape(-1).view(np.uint8).data)
            entries.append(json.dumps({**head, "parameters": {_SIZE: raw.nbytes}}))
        else:
            entries.append(json.dumps(head)[:-1] + ', "data": [' + ",".join(_numbers(tensor)) + "]}")
    opening = json.dumps({**envelope, side: []})[:-2]
    document = (opening + ",".join(entries) + "]}").encode()
    if not tail:
        return document, None
    # Blanks behind the JSON put the first tensor where a processor reads it without a copy.
    document += b" " * (-len(document) % _ALIGNMENT)
    return b"".join([document, *tail]), len(document)


def _numbers(tensor: Tensor) -> Iterator[str]:
    flat = tensor.values.ravel()
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        raise MalformedMessageError(
            problem_en=f"tensor {tensor.name} holds NaN or infinity, which JSON cannot carry: ask for binary",
            problem_fr=f"le tenseur {tensor.name} contient NaN ou l'infini, que JSON ne peut transporter : "
            "demandez du binaire",
        )
    for start in range(0, flat.size, _CHUNK):
        numbers = flat[start : start + _CHUNK].tolist()
        if flat.dtype.kind == "f" and flat.dtype.itemsize <= 4:
            # Nine digits tell every float32 apart, in a quarter of the time that repr takes for seventeen.
            yield (("%.9g," * len(numbers)) % tuple(numbers))[:-1]
        else:
            yield json.dumps(numbers)[1:-1]


def decode(
    body: bytes | bytearray, json_length: int | None, side: Side, max_bytes: int
) -> tuple[dict[str, Any], list[Tensor]]:
    """The envelope and the tensors of a message.

    Args:
        body: the whole message.
        json_length: length of its JSON part as its header says, None where there was no header.
        side: key of the tensors.
        max_bytes: that one tensor may take in memory.

    Returns:
        The message without its tensors, and the tensors with the parameters left out.

    Raises:
        MalformedMessageError: not JSON, or sizes, shapes and types that do not agree.
    """
    cut = len(body) if json_length is None else json_length
    if not 0 <= cut <= len(body):
        raise _malformed(
            f"{LENGTH_HEADER} is {cut}, the body has {len(body)} bytes",
            f"{LENGTH_HEADER} vaut {cut}, le corps compte {len(body)} octets",
        )
    message = parse_json(memoryview(body)[:cut])
    entries = message.pop(side, None)
    if not isinstance(entries, list) or not entries:
        raise _malformed(f"“{side}” is no list of tensors", f"« {side} » n'est pas une liste de tenseurs")
    tensors, start = [], cut
    for entry in entries:
        tensor, start = _tensor(entry, body, start, max_bytes)
        tensors.append(tensor)
    if start != len(body):
        extra = len(body) - start
        raise _malformed(
            f"{extra} bytes follow the last tensor", f"{extra} octets suivent le dernier tenseur"
        )
    return message, tensors


def parse_json(text: bytes | bytearray | memoryview) -> dict[str, Any]:
    """A JSON object.

    Raises:
        MalformedMessageError: anything else, NaN and infinities included.
    """
    try:
        message = json.loads(bytes(text), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"not JSON ({error})", f"pas du JSON ({error})") from error
    if not isinstance(message, dict):
        raise _malformed("not a JSON object", "pas un objet JSON")
    return message


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def _tensor(entry: Any, body: bytes | bytearray, start: int, max_bytes: int) -> tuple[Tensor, int]:
    """A tensor, and where the next one starts."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise _malformed("a tensor without name", "un tenseur sans nom")
    name = entry["name"][:100]
    datatype = entry.get("datatype")
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        known = ", ".join(DATATYPES)
        raise _malformed(
            f"tensor {name}: datatype {str(datatype)[:40]!r}, known are {known}",
            f"tenseur {name} : type {str(datatype)[:40]!r}, connus : {known}",
        )
    dtype = DATATYPES[datatype]
    shape = _shape(name, entry.get("shape"), dtype, max_bytes)
    parameters = entry.get("parameters", {})
    if not isinstance(parameters, dict):
        raise _malformed(f"tensor {name}: bad parameters", f"tenseur {name} : paramètres incorrects")
    if _SIZE not in parameters:
        return Tensor(name, _from_json(name, entry.get("data"), dtype, shape)), start
    size, wanted = parameters[_SIZE], math.prod(shape) * dtype.itemsize
    if type(size) is not int or size != wanted or size > len(body) - start:
        raise _malformed(
            f"tensor {name}: {_SIZE} is {str(size)[:40]}, its shape needs {wanted} bytes and "
            f"{len(body) - start} follow",
            f"tenseur {name} : {_SIZE} vaut {str(size)[:40]}, sa forme demande {wanted} octets et il en suit "
            f"{len(body) - start}",
        )
    values = np.frombuffer(body, dtype, math.prod(shape), start)
    if dtype.kind == "b":
        values = values.view(np.uint8) != 0  # a byte such as 2 is no boolean for numpy
    return Tensor(name, np.require(values.reshape(shape), requirements="A")), start + size


def _shape(name: str, raw: Any, dtype: np.dtype[Any], max_bytes: int) -> tuple[int, ...]:
    fits = isinstance(raw, list) and 0 < len(raw) <= MAX_DIMENSIONS
    if not fits or any(type(size) is not int or size < 1 for size in raw):
        raise _malformed(
            f"tensor {name}: shape {str(raw)[:80]} is no list of 1 to {MAX_DIMENSIONS} positive integers",
            f"tenseur {name} : la forme {str(raw)[:80]} n'est pas une liste de 1 à {MAX_DIMENSIONS} "
            "entiers positifs",
        )
    needed = math.prod(raw) * dtype.itemsize
    if needed > max_bytes:
        raise _malformed(
            f"tensor {name}: shape {str(raw)[:80]} needs {_short(needed)} bytes, at most {max_bytes} "
            "are taken",
            f"tenseur {name} : la forme {str(raw)[:80]} demande {_short(needed)} octets, {max_bytes} au plus "
            "sont acceptés",
        )
    return tuple(raw)


def _from_json(name: str, data: Any, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    try:
        # numpy makes floats of small and huge whole numbers together, which would round them.
        exact_type = dtype if dtype.itemsize == 8 and dtype.kind in "iu" and _is_whole(data) else None
        read = np.array(data, exact_type)
    except (ValueError, OverflowError):  # ragged, or a number beyond the type
        read = np.array(None)
    kinds = "b" if dtype.kind == "b" else "iuf"
    if (
        read.dtype.kind not in kinds
        or read.size != math.prod(shape)
        or read.shape not in (shape, (read.size,))
    ):
        raise _malformed(
            f"tensor {name}: “data” does not hold {math.prod(shape)} numbers of shape {list(shape)}",
            f"tenseur {name} : « data » ne contient pas {math.prod(shape)} nombres de forme {list(shape)}",
        )
    with np.errstate(over="ignore", invalid="ignore"):
        values = read.astype(dtype)
    exact = np.isfinite(values).all() if dtype.kind == "f" else np.array_equal(values, read)
    if not exact:
        raise _malformed(
            f"tensor {name}: a number of “data” does not fit {datatype_of(values)}",
            f"tenseur {name} : un nombre de « data » ne tient pas dans {datatype_of(values)}",
        )
    return values.reshape(shape)


def _is_whole(data: Any) -> bool:
    return isinstance(data, list) and all(type(n) is int or _is_whole(n) for n in data)


def _short(number: int) -> str:
    return str(number) if number < 10**18 else "> 10^18"


def _malformed(english: str, french: str) -> MalformedMessageError:
    return MalformedMessageError(problem_en=english, problem_fr=french)
