# SPDX-License-Identifier: GPL-2.0-or-later
"""A model whose weights lie in other files, made into one; only files of its own folder are opened."""

from __future__ import annotations

from pathlib import Path

from onnx import ModelProto, TensorProto

from inference_backend.models.errors import OutsideWeightsError
from inference_backend.models.onnx_file import parse_onnx
from inference_backend.models.tensors import is_external, location_of, size_bytes, stored_tensors


def joined_onnx(path: Path) -> ModelProto:
    """The model with all of its weights in it; not checked otherwise.

    Raises:
        UnreadableModelError: not an ONNX file.
        OutsideWeightsError: weights outside the model's folder, or fewer than declared.
    """
    model = parse_onnx(path)
    outside = [tensor for tensor in stored_tensors(model) if is_external(tensor)]
    # All are looked at before the first is opened.
    places = [_place(path, tensor) for tensor in outside]
    for tensor, (file, offset, length) in zip(outside, places, strict=True):
        with file.open("rb") as stream:
            stream.seek(offset)
            tensor.raw_data = stream.read(length)
        del tensor.external_data[:]
        tensor.data_location = TensorProto.DEFAULT
    return model


def _place(path: Path, tensor: TensorProto) -> tuple[Path, int, int]:
    """File, offset and length of a tensor's values."""
    location = location_of(tensor)
    folder = path.resolve().parent
    file = (folder / location).resolve()
    entries = {entry.key: entry.value for entry in tensor.external_data}
    needed = size_bytes(tensor.dims, tensor.data_type) if all(size >= 0 for size in tensor.dims) else -1
    offset = _number(entries.get("offset", "0"))
    inside = not Path(location).is_absolute() and file.is_relative_to(folder) and file.is_file()
    if not inside or offset is None or not 0 <= needed <= file.stat().st_size - offset:
        raise OutsideWeightsError(path=path, tensor=tensor.name, location=location)
    return file, offset, needed


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
