# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of model files.

ModelError
├── UnreadableModelError        not an ONNX file, truncated, or of an unknown version
├── NoModelCardError            nothing in the file says what goes in and what comes out
├── BadModelValueError          a metadata value that cannot be used
├── ModelShapeMismatchError     the graph is not a segmentation network of the shape needed
└── CardMismatchError           the graph and its card contradict each other
"""

from __future__ import annotations

from inference_backend.errors import ModelError


class UnreadableModelError(ModelError):
    """Not an ONNX file, or a damaged one: `path`, `reason`."""

    templates = {
        "en": "{path}: cannot be read as an ONNX model: {reason}. Copy or export the file again.",
        "fr": "{path} : illisible comme modèle ONNX : {reason}. Recopiez ou réexportez le fichier.",
    }


class NoModelCardError(ModelError):
    """No card and no Deepness metadata: `path`, `missing`."""

    templates = {
        "en": "{path}: the model does not say what it expects: metadata {missing} missing. Write a card "
        "under the key ocsge_card, or Deepness's keys class_names, resolution and tile_size (docs/model.md).",
        "fr": "{path} : le modèle ne dit pas ce qu'il attend : métadonnées {missing} absentes. Écrivez une "
        "fiche sous la clé ocsge_card, ou les clés class_names, resolution et tile_size de Deepness "
        "(docs/model.md).",
    }


class BadModelValueError(ModelError):
    """A metadata value that cannot be used: `path`, `key`, `value`, `expected_en`, `expected_fr`."""

    templates = {
        "en": "{path}: metadata {key} is {value}, expected {expected_en}. Correct it in the file's metadata.",
        "fr": "{path} : la métadonnée {key} vaut {value}, attendu : {expected_fr}. Corrigez-la dans les "
        "métadonnées du fichier.",
    }


class ModelShapeMismatchError(ModelError):
    """The graph is not a segmentation network: `path`, `tensor`, `shape`, `expected`."""

    templates = {
        "en": "{path}: tensor {tensor} is {shape}, expected {expected}. Export a segmentation model with one "
        "float32 image input and one score output.",
        "fr": "{path} : le tenseur {tensor} est {shape}, attendu : {expected}. Exportez un modèle de "
        "segmentation avec une entrée image float32 et une sortie de scores.",
    }


class CardMismatchError(ModelError):
    """Graph and card contradict each other: `path`, `what_en`, `what_fr`, `graph`, `card`."""

    templates = {
        "en": "{path}: the network has {what_en} {graph}, its card {card}. Export the model again with the "
        "right card, or correct its metadata.",
        "fr": "{path} : le réseau a {what_fr} {graph}, sa fiche {card}. Réexportez le modèle avec la bonne "
        "fiche, ou corrigez ses métadonnées.",
    }
