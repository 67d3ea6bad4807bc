# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the engines.

BackendError
├── UnknownEngineError          a name that no engine has
├── EngineUnavailableError      an engine that this machine lacks
├── NetworkElsewhereError       a description of a model that a server has
└── EngineError                 an engine that cannot load or run a model
    └── EngineMemoryError       for want of memory
"""

from __future__ import annotations

from pathlib import Path

from inference_backend.errors import BackendError


class UnknownEngineError(BackendError):
    """A name that no engine has: `name`, `known`."""

    templates = {
        "en": "Engine {name} does not exist. Choose one of: {known}.",
        "fr": "Le moteur {name} n'existe pas. Choisissez parmi : {known}.",
    }


class EngineUnavailableError(BackendError):
    """An engine that this machine lacks: `engine`, `reason_en`, `reason_fr`, `remedy_en`, `remedy_fr`."""

    templates = {
        "en": "Engine {engine} cannot be used here: {reason_en}. {remedy_en}",
        "fr": "Le moteur {engine} est inutilisable ici : {reason_fr}. {remedy_fr}",
    }


class NetworkElsewhereError(BackendError):
    """A description of a model without its network: `path`, `engine`."""

    templates = {
        "en": "{path}: describes a model but does not hold its network, which {engine} would need. Give the "
        "ONNX file, or the server that has it: --engine v2:http://host:port",
        "fr": "{path} : décrit un modèle sans en contenir le réseau, dont {engine} aurait besoin. Donnez le "
        "fichier ONNX, ou le serveur qui l'a : --engine v2:http://hote:port",
    }


class EngineError(BackendError):
    """An engine that cannot load or run a model: `engine`, `path`, `reason`."""

    templates = {
        "en": "{path}: {engine} cannot run this model: {reason}. Try another --engine, or export the model "
        "with an older opset.",
        "fr": "{path} : {engine} ne peut pas exécuter ce modèle : {reason}. Essayez un autre --engine, ou "
        "exportez le modèle avec un opset plus ancien.",
    }


class EngineMemoryError(EngineError):
    """Not enough memory to load or run a model: `engine`, `path`, `reason`."""

    templates = {
        "en": "{path}: {engine} has not enough memory for this model ({reason}). Use fewer threads, for "
        "instance OCSGE_THREADS=1, or close other programs.",
        "fr": "{path} : {engine} n'a pas assez de mémoire pour ce modèle ({reason}). Utilisez moins de fils "
        "d'exécution, par exemple OCSGE_THREADS=1, ou fermez d'autres programmes.",
    }


_MEMORY_WORDS = ("bad_alloc", "allocate", "out of memory", "could not create a memory")
_PLACES = ("Exception from", "Check '", "While ", "FrontEnd API failed", "Model wasn't")
"""How the lines begin by which OpenVINO tells places in its own sources, and that something failed."""
_UNKNOWN_OPERATOR = "-- No conversion rule found for operations: "


def engine_error(engine: str, path: Path, error: Exception) -> EngineError:
    """The error that says in our words what a library raised."""
    words = str(error).lower()
    short_of_memory = isinstance(error, MemoryError) or any(word in words for word in _MEMORY_WORDS)
    kind = EngineMemoryError if short_of_memory else EngineError
    return kind(engine=engine, path=path, reason=_reason(error))


def _reason(error: Exception) -> str:
    """The line of a library's text that tells the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    for line in lines:
        if line.startswith(_UNKNOWN_OPERATOR):
            return line.removeprefix("-- ")
    told = [line for line in lines if not line.startswith(_PLACES)] or lines
    return told[0].rstrip(".") if told else type(error).__name__
