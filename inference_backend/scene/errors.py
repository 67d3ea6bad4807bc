# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the scene.

BackendError
├── SceneSizeError             a size or pixel from which no scene can be made
└── OutputError
    └── ForeignFolderError     a folder that holds something else than a scene
"""

from __future__ import annotations

from inference_backend.errors import BackendError, OutputError


class SceneSizeError(BackendError):
    """A size or pixel from which no scene can be made: `name`, `value`, `low`, `high`."""

    templates = {
        "en": "{name} = {value}: a scene needs a value from {low} to {high}. Choose another one.",
        "fr": "{name} = {value} : une scène demande une valeur de {low} à {high}. Choisissez-en une autre.",
    }


class ForeignFolderError(OutputError):
    """The scene would replace a folder that holds something else: `path`."""

    templates = {
        "en": "{path}: holds files but no {marker}, so it is no scene and stays. Choose another folder.",
        "fr": "{path} : contient des fichiers mais pas {marker} ; ce n'est pas une scène, il reste. "
        "Choisissez un autre dossier.",
    }
