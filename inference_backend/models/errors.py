# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of model files.

ModelError
├── UnreadableModelError        not an ONNX file, truncated, or of an unknown version
├── ExternalWeightsError        weights that lie in another file
├── OutsideWeightsError         weights that lie outside the model's folder
├── FalseTensorError            a tensor that is not of the size it declares
├── HugeTensorError             a tensor that would fill the memory
├── NoModelCardError            nothing in the file says what goes in and what comes out
├── BadModelValueError          a metadata value that cannot be used
├── BadSidecarError             a file beside the model that cannot be used
├── StaleSidecarError           a file beside the model that was written for another model
├── UnknownPresetError          a preset that does not exist
├── UnsupportedModelError       a network of another kind: detection, regression, super-resolution…
└── CardMismatchError           the graph and its card contradict each other
"""

from __future__ import annotations

from inference_backend.errors import ModelError


class UnreadableModelError(ModelError):
    """Not an ONNX file, or a damaged one: `path`, `reason_en`, `reason_fr`."""

    templates = {
        "en": "{path}: cannot be read as an ONNX model: {reason_en}. Copy or export the file again.",
        "fr": "{path} : illisible comme modèle ONNX : {reason_fr}. Recopiez ou réexportez le fichier.",
    }


class ExternalWeightsError(ModelError):
    """Weights in another file: `path`, `tensor`, `location`."""

    templates = {
        "en": "{path}: the weights {tensor} lie in another file, {location}. A model is one file here: join "
        "them with `ocsge model export {path} --output JOINED.onnx`.",
        "fr": "{path} : les poids {tensor} sont dans un autre fichier, {location}. Un modèle est ici un seul "
        "fichier : réunissez-les par `ocsge model export {path} --output REUNI.onnx`.",
    }


class OutsideWeightsError(ModelError):
    """Weights outside the model's folder, or that are not there: `path`, `tensor`, `location`."""

    templates = {
        "en": "{path}: the weights {tensor} are said to lie in {location}, which is not a file inside the "
        "model's folder, or too short. No other file was opened. Export the model again, in one file.",
        "fr": "{path} : les poids {tensor} seraient dans {location}, qui n'est pas un fichier du dossier du "
        "modèle, ou est trop court. Aucun autre fichier n'a été ouvert. Réexportez le modèle en un fichier.",
    }


class FalseTensorError(ModelError):
    """A tensor that is not of the size it declares: `path`, `tensor`, `dims`, `declared`, `present`."""

    templates = {
        "en": "{path}: tensor {tensor} declares the sizes {dims}, {declared} values, and holds {present}. "
        "The file is damaged or was tampered with: copy or export it again.",
        "fr": "{path} : le tenseur {tensor} annonce les dimensions {dims}, soit {declared} valeurs, et en "
        "contient {present}. Fichier abîmé ou trafiqué : recopiez-le ou réexportez-le.",
    }


class HugeTensorError(ModelError):
    """A tensor that would fill the memory: `path`, `tensor`, `operator`, `size_gb`, `limit_gb`."""

    templates = {
        "en": "{path}: tensor {tensor} of operator {operator} would take {size_gb} GB for one tile, more "
        "than the limit of {limit_gb} GB. Export the model for a smaller tile, or raise OCSGE_MAX_TENSOR_GB "
        "if you trust the file.",
        "fr": "{path} : le tenseur {tensor} de l'opérateur {operator} prendrait {size_gb} Go pour une tuile, "
        "au-delà de la limite de {limit_gb} Go. Exportez le modèle pour une tuile plus petite, ou relevez "
        "OCSGE_MAX_TENSOR_GB si le fichier est sûr.",
    }


class NoModelCardError(ModelError):
    """What the model expects is not said: `path`, `missing`, `options`."""

    templates = {
        "en": "{path}: the model does not say what it expects: {missing} missing. Answer the questions of "
        "`ocsge model describe {path} --ask`, or give {options} to `ocsge model describe` (docs/model.md).",
        "fr": "{path} : le modèle ne dit pas ce qu'il attend : {missing} absent(s). Répondez aux questions "
        "de `ocsge model describe {path} --ask`, ou donnez {options} à `ocsge model describe` "
        "(docs/model.md).",
    }


class BadModelValueError(ModelError):
    """A metadata value that cannot be used: `path`, `key`, `value`, `expected_en`, `expected_fr`."""

    templates = {
        "en": "{path}: metadata {key} is {value}, expected {expected_en}. Correct it in the file's metadata.",
        "fr": "{path} : la métadonnée {key} vaut {value}, attendu : {expected_fr}. Corrigez-la dans les "
        "métadonnées du fichier.",
    }


class BadSidecarError(ModelError):
    """A file beside the model that cannot be used: `path`, `reason_en`, `reason_fr`."""

    templates = {
        "en": "{path}: cannot be used as the description of a model: {reason_en}. Correct this file, or "
        "remove it and run `ocsge model describe MODEL --ask`.",
        "fr": "{path} : inutilisable comme description d'un modèle : {reason_fr}. Corrigez ce fichier, ou "
        "supprimez-le et lancez `ocsge model describe MODELE --ask`.",
    }


class StaleSidecarError(ModelError):
    """A description written for another file: `path`, `model`, `said`, `found`."""

    templates = {
        "en": "{path}: describes a model file of {said} bytes, but {model} has {found}. Remove this "
        "description or write it again with `ocsge model describe {model} --ask`.",
        "fr": "{path} : décrit un fichier de modèle de {said} octets, mais {model} en a {found}. Supprimez "
        "cette description ou refaites-la avec `ocsge model describe {model} --ask`.",
    }


class UnknownPresetError(ModelError):
    """A preset that does not exist: `name`, `known`."""

    templates = {
        "en": "Preset {name} does not exist. Choose one of: {known}.",
        "fr": "Le préréglage {name} n'existe pas. Choisissez parmi : {known}.",
    }


class UnsupportedModelError(ModelError):
    """A network of another kind: `path`, `why_en`, `why_fr`, `remedy_en`, `remedy_fr`."""

    templates = {
        "en": "{path}: not a segmentation model that can be run: {why_en}. {remedy_en}",
        "fr": "{path} : pas un modèle de segmentation exécutable : {why_fr}. {remedy_fr}",
    }


class CardMismatchError(ModelError):
    """Graph and card contradict each other: `path`, `what_en`, `what_fr`, `graph`, `card`."""

    templates = {
        "en": "{path}: the network has {what_en} {graph}, its card {card}. Export the model again with the "
        "right card, or correct its metadata.",
        "fr": "{path} : le réseau a {what_fr} {graph}, sa fiche {card}. Réexportez le modèle avec la bonne "
        "fiche, ou corrigez ses métadonnées.",
    }
