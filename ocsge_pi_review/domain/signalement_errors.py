# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of remarks.

ReviewError
└── SignalementError
    ├── SignalementFileError        a file of remarks that cannot be read
    ├── StaleSignalementError       another state of it is kept meanwhile
    ├── UnsafeAddressError          an address to which no credentials are sent
    └── ServiceError                what the collaborative service answers, or does not
        ├── NoAnswerError           nobody can know whether it took the request
        ├── NotSignedInError        the credentials are refused or have expired
        ├── BusyServiceError        it asks to wait
        ├── RefusedRequestError     it refuses for good
        └── StrangeAnswerError      something else answers there
"""

from __future__ import annotations

from ocsge_pi_review.domain.errors import ReviewError


class SignalementError(ReviewError):
    """Root of the errors of remarks."""


class SignalementFileError(SignalementError):
    """A file of remarks that cannot be read: `path`, `problem_en`, `problem_fr`."""

    templates = {
        "en": "{path}: no remarks can be read from it: {problem_en}. Export the layer Signalement of the "
        "collaborative service's plugin as a GeoPackage or as GeoJSON, its fields unchanged.",
        "fr": "{path} : aucun signalement ne peut y être lu : {problem_fr}. Exportez la couche Signalement "
        "de l'extension Espace collaboratif en GeoPackage ou en GeoJSON, sans changer ses champs.",
    }


class StaleSignalementError(SignalementError):
    """A remark that was written meanwhile: `remote_id`."""

    templates = {
        "en": "Remark {remote_id} was changed meanwhile, by a colleague or by an import. Nothing was "
        "written: read it again, then write your answer.",
        "fr": "Le signalement {remote_id} a été modifié entre-temps, par un collègue ou par un import. Rien "
        "n'a été écrit : relisez-le, puis rédigez votre réponse.",
    }


class UnsafeAddressError(SignalementError):
    """An address to which no credentials are sent: `url`."""

    templates = {
        "en": "{url}: not an address of a service (https://…). Your credentials would be readable on the "
        "way, and were not sent. Correct the address in the settings of the remarks.",
        "fr": "{url} : ce n'est pas une adresse de service (https://…). Vos identifiants seraient lisibles "
        "en route, ils n'ont pas été envoyés. Corrigez l'adresse dans les réglages des signalements.",
    }


class ServiceError(SignalementError):
    """Root of what the service answers: `url`, `detail`."""

    templates = {"en": "{url}: {detail}", "fr": "{url} : {detail}"}


class NoAnswerError(ServiceError):
    """Nobody can know whether the service took the request: `url`, `detail`."""

    templates = {
        "en": "{url}: the collaborative service does not answer as it should ({detail}). What was to be sent "
        "stays in the outbox and will be looked for there before it is sent again.",
        "fr": "{url} : l'Espace collaboratif ne répond pas comme il le devrait ({detail}). Ce qui devait "
        "partir reste dans la boîte d'envoi et sera cherché sur le serveur avant tout nouvel envoi.",
    }


class NotSignedInError(ServiceError):
    """The credentials are refused or have expired: `url`, `detail`."""

    templates = {
        "en": "{url}: you are not signed in, or no longer ({detail}). Choose your credentials in the "
        "settings of the remarks and try again; nothing was lost.",
        "fr": "{url} : vous n'êtes pas connecté, ou ne l'êtes plus ({detail}). Choisissez vos identifiants "
        "dans les réglages des signalements puis recommencez ; rien n'a été perdu.",
    }


class BusyServiceError(ServiceError):
    """The service asks to wait: `url`, `detail`, `wait_s`."""

    templates = {
        "en": "{url}: the collaborative service is busy and asks to wait {wait_s} s. Nothing was lost.",
        "fr": "{url} : l'Espace collaboratif est surchargé et demande d'attendre {wait_s} s. Rien n'a été "
        "perdu.",
    }


class RefusedRequestError(ServiceError):
    """The service refuses for good: `url`, `status` (HTTP), `detail` (its words)."""

    templates = {
        "en": "{url}: the collaborative service refuses: {detail} (HTTP {status}).",
        "fr": "{url} : refus de l'Espace collaboratif : {detail} (HTTP {status}).",
    }


class StrangeAnswerError(ServiceError):
    """Something else answers there: `url`, `detail`."""

    templates = {
        "en": "{url}: what answers there is not the collaborative service ({detail}). Check the address in "
        "the settings of the remarks.",
        "fr": "{url} : ce qui répond là n'est pas l'Espace collaboratif ({detail}). Vérifiez l'adresse dans "
        "les réglages des signalements.",
    }
