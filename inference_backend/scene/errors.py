# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the scene.

BackendError
└── SceneSizeError             a size or pixel from which no scene can be made
"""

from __future__ import annotations

from inference_backend.errors import BackendError


class SceneSizeError(BackendError):
    """A size or pixel from which no scene can be made: `name`, `value`, `low`, `high`."""

    templates = {
        "en": "{name} = {value}: a scene needs a value from {low} to {high}. Choose another one.",
        "fr": "{name} = {value} : une scène demande une valeur de {low} à {high}. Choisissez-en une autre.",
    }
