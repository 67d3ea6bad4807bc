# SPDX-License-Identifier: GPL-2.0-or-later
"""What decides the pixels beside the model."""

from __future__ import annotations

from inference_backend.cluster.software import software as versions_of

_LIBRARIES = ("numpy", "numba", "rasterio", "onnxruntime", "openvino")
_DECIDING = ("contracts", "models", "predict", "runtime")


def software() -> dict[str, str]:
    """Name to version of everything here that a pixel may depend on, our own code with a digest of it."""
    return versions_of(_DECIDING, _LIBRARIES)
