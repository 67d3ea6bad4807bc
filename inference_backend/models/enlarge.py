# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks whose scores are coarser than their image, as SegFormer's, completed by an interpolation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import ModelProto, helper, numpy_helper

from inference_backend.models.errors import UnsupportedModelError
from inference_backend.models.graph import tile_looked_at, type_name
from inference_backend.models.onnx_file import without_weights
from inference_backend.models.shapes import shape_of, shapes_for_tile

FIRST_OPSET = 13  # the first whose Resize needs no region of interest


def enlarge_outputs(path: Path, model: ModelProto) -> int:
    """Add an interpolation behind each output that has larger pixels than the image; returns how many.

    Scores are interpolated bilinearly between the centres of pixels, indices take their nearest neighbour.

    Raises:
        UnsupportedModelError: the operators of the file are too old.
    """
    weights = {tensor.name for tensor in model.graph.initializer}
    image = next(value for value in model.graph.input if value.name not in weights)
    size = tile_looked_at(shape_of(image))
    shapes = shapes_for_tile(path, without_weights(model), image.name, size)
    coarse = {
        value.name: size[3] // shape[3]
        for value in model.graph.output
        if len(shape := shapes.get(value.name, ())) == 4
        and shape[3]
        and shape[2] == shape[3] < size[3]
        and size[3] % shape[3] == 0
        and size[2] == size[3]
    }
    if coarse:
        _refuse_old(path, model)
    for name, factor in coarse.items():
        _enlarge(model, name, factor)
    return len(coarse)


def _enlarge(model: ModelProto, name: str, factor: int) -> None:
    inside, scales = f"{name}_coarse", f"{name}_scales"
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [inside if each == name else each for each in names]
    value = next(value for value in model.graph.output if value.name == name)
    is_index = type_name(value).startswith(("int", "uint"))
    model.graph.initializer.append(
        numpy_helper.from_array(np.array([1, 1, factor, factor], np.float32), scales)
    )
    model.graph.node.append(
        helper.make_node(
            "Resize",
            [inside, "", scales],
            [name],
            mode="nearest" if is_index else "linear",
            coordinate_transformation_mode="half_pixel",
        )
    )
    for axis in (2, 3):
        dim = value.type.tensor_type.shape.dim[axis]
        known = dim.dim_value * factor
        dim.Clear()
        if known:
            dim.dim_value = known
    del model.graph.value_info[:]


def _refuse_old(path: Path, model: ModelProto) -> None:
    opset = next((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), 0)
    if opset < FIRST_OPSET:
        raise UnsupportedModelError(
            path=path,
            why_en=f"its operators are of opset {opset}, too old to be completed",
            why_fr=f"ses opérateurs sont de l'opset {opset}, trop anciens pour être complétés",
            remedy_en=f"Export it with opset {FIRST_OPSET} or newer.",
            remedy_fr=f"Exportez-le avec l'opset {FIRST_OPSET} ou plus récent.",
        )
