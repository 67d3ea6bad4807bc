# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the help for annotators.

InputError
├── BadPatchError            an array of a patch that cannot be used
├── BadLabelsError           labels, scores or rows that do not fit the patch
├── NoSuchModelError         an interactive model that is not there
└── InteractiveModelError    an interactive model's files cannot be used
BackendError
├── SupersededError          a newer question has taken this one's place
└── LearnerMissingError      the library of the learner cannot be loaded
"""

from __future__ import annotations

from inference_backend.errors import BackendError, InputError


class BadPatchError(InputError):
    """An array of a patch: `name`, `found`."""

    templates = {
        "en": "Array “{name}” cannot be used: {found}. A patch has an image of 1 to 64 bands, 8 to 2048 px a "
        "side, uint8, uint16 or float32; “valid” is bool and “bands” names each band.",
        "fr": "Tableau « {name} » inutilisable : {found}. Une dalle a une image de 1 à 64 bandes, de 8 à "
        "2048 px de côté, en uint8, uint16 ou float32 ; « valid » est booléen et « bands » nomme chaque "
        "bande.",
    }


class BadLabelsError(InputError):
    """An array beside a patch: `name`, `found`, `expected`."""

    templates = {
        "en": "Array “{name}” does not fit the patch: {found}, expected {expected}. Send one on the patch's "
        "own grid.",
        "fr": "Le tableau « {name} » ne correspond pas à la dalle : {found}, attendu {expected}. "
        "Envoyez-en un sur la grille de la dalle.",
    }


class NoSuchModelError(InputError):
    """`name`, `known`."""

    templates = {
        "en": "No interactive model “{name}” (known: {known}). Put its encoder and decoder into the folder "
        "given to --interactive.",
        "fr": "Aucun modèle interactif « {name} » (connus : {known}). Placez son encodeur et son décodeur "
        "dans le dossier donné à --interactive.",
    }


class InteractiveModelError(InputError):
    """A pair of files that is no interactive model we know: `path`, `problem_en`, `problem_fr`."""

    templates = {
        "en": "{path}: {problem_en}. Give an encoder and a decoder exported from SAM or SAM 2.",
        "fr": "{path} : {problem_fr}. Donnez un encodeur et un décodeur exportés de SAM ou SAM 2.",
    }


class LearnerMissingError(BackendError):
    """LightGBM cannot be loaded: `reason`."""

    templates = {
        "en": "The learner's library cannot be loaded: {reason}. On Linux, install the system package "
        "libgomp1; or set the backend up again.",
        "fr": "La bibliothèque de l'apprentissage ne se charge pas : {reason}. Sous Linux, installez le "
        "paquet système libgomp1, ou réinstallez le moteur.",
    }
