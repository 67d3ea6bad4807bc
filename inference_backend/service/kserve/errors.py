# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the service's KServe V2 interface, with their HTTP status."""

from __future__ import annotations

from inference_backend.service.web.api_errors import ApiError


class NoSuchModelError(ApiError):
    """`name`, `known`."""

    status = 404
    templates = {
        "en": "There is no model “{name}” here. Known: {known}.",
        "fr": "Il n'y a pas de modèle « {name} » ici. Connus : {known}.",
    }


class NoSuchVersionError(ApiError):
    """`name`, `version`, `known`."""

    status = 404
    templates = {
        "en": "Model “{name}” has no version “{version}”; it has {known}.",
        "fr": "Le modèle « {name} » n'a pas de version « {version} » ; il a la {known}.",
    }


class BusyError(ApiError):
    """More requests than can wait; `retry_s`."""

    status = 503
    templates = {
        "en": "Too many requests are waiting. Try again in {retry_s} s.",
        "fr": "Trop de requêtes attendent. Réessayez dans {retry_s} s.",
    }


class ModelTooLargeError(ApiError):
    """`name`, `needed_mb`, `limit_mb`."""

    status = 400
    templates = {
        "en": "Model “{name}” needs about {needed_mb} MB of memory, the limit is {limit_mb} MB. The "
        "administrator can raise OCSGE_V2_MODELS_MB.",
        "fr": "Le modèle « {name} » demande environ {needed_mb} Mo de mémoire, la limite est de {limit_mb} "
        "Mo. L'administrateur peut augmenter OCSGE_V2_MODELS_MB.",
    }


class TensorTooLargeError(ApiError):
    """`what_en`, `what_fr`, `limit`."""

    status = 413
    templates = {
        "en": "The {what_en} exceeds {limit} bytes. Send fewer or smaller tiles, in binary, and ask for the "
        "output “planes”.",
        "fr": "{what_fr} dépasse {limit} octets. Envoyez des tuiles moins nombreuses ou plus petites, en "
        "binaire, et demandez la sortie « planes ».",
    }


class SlowBodyError(ApiError):
    """`limit_s`."""

    status = 408
    templates = {
        "en": "The request did not arrive within {limit_s} s.",
        "fr": "La requête n'est pas arrivée en {limit_s} s.",
    }


class EncodedBodyError(ApiError):
    """`encoding`."""

    status = 415
    templates = {
        "en": "Compressed requests ({encoding}) are not taken. Send the body as it is.",
        "fr": "Les requêtes compressées ({encoding}) ne sont pas acceptées. Envoyez le corps tel quel.",
    }


class BadInferenceError(ApiError):
    """A request that does not fit the model: `problem_en`, `problem_fr`."""

    status = 400
    templates = {"en": "{problem_en}.", "fr": "{problem_fr}."}
