# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the engines.

BackendError
├── UnknownEngineError      a name that no engine has
└── EngineError        an engine that cannot load or run a model
"""

from __future__ import annotations

from inference_backend.errors import BackendError


class UnknownEngineError(BackendError):
    """A name that no engine has: `name`, `known`."""

    templates = {
        "en": "Engine {name} does not exist. Choose one of: {known}.",
        "fr": "Le moteur {name} n'existe pas. Choisissez parmi : {known}.",
    }


class EngineError(BackendError):
    """An engine that cannot load or run a model: `engine`, `path`, `reason`."""

    templates = {
        "en": "{path}: {engine} cannot run this model: {reason}. Try another --engine, or export the model "
        "with an older opset.",
        "fr": "{path} : {engine} ne peut pas exécuter ce modèle : {reason}. Essayez un autre --engine, ou "
        "exportez le modèle avec un opset plus ancien.",
    }
