# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the QGIS side that both plugins can meet.

OcsgeError (contracts)
└── CommonError
    ├── TaskCancelledError          the user stopped a task
    └── BackendError
        ├── BackendNotFoundError    no backend is set up
        ├── BackendNotStartedError  the local backend did not come up
        ├── BackendUnreachableError nobody answers at the address
        ├── BackendRefusedError     it answered with an error
        ├── JobFailedError          a job ended without result
        └── SetupError         the backend's environment could not be made
"""

from __future__ import annotations

from inference_backend.contracts.errors import OcsgeError


class CommonError(OcsgeError):
    """Root of the errors of `ocsge_common`."""


class TaskCancelledError(CommonError):
    """The user stopped a task."""

    templates = {"en": "Cancelled.", "fr": "Annulé."}


class BackendError(CommonError):
    """Root of what can go wrong with the backend."""


class BackendNotFoundError(BackendError):
    """No backend command is known: `tried` lists the places looked at."""

    templates = {
        "en": "The inference backend was not found (looked at: {tried}). Open Settings > Options > OCS GE "
        "and press “Set up the backend”, or give the path of the command ocsge there.",
        "fr": "Moteur d'inférence introuvable (cherché ici : {tried}). Ouvrez Préférences > Options > OCS GE "
        "et cliquez sur « Installer le moteur », ou indiquez-y le chemin de la commande ocsge.",
    }


class BackendNotStartedError(BackendError):
    """The local backend did not come up: `command`, `detail` (last lines of its log)."""

    templates = {
        "en": "{command}: the backend did not start: {detail}. Check the path in Settings > Options > OCS GE "
        "or set the backend up again.",
        "fr": "{command} : le moteur n'a pas démarré : {detail}. Vérifiez le chemin dans Préférences > "
        "Options > OCS GE ou réinstallez le moteur.",
    }


class BackendUnreachableError(BackendError):
    """Nobody answers: `url`, `detail`."""

    templates = {
        "en": "{url}: the backend does not answer ({detail}). Check the address, or start the backend again.",
        "fr": "{url} : le moteur ne répond pas ({detail}). Vérifiez l'adresse ou relancez le moteur.",
    }


class BackendRefusedError(BackendError):
    """The backend answered with an error: `url`, `status` (HTTP), `detail` (its text, in our language)."""

    templates = {"en": "{detail} (HTTP {status})", "fr": "{detail} (HTTP {status})"}


class JobFailedError(BackendError):
    """A job ended without result: `process_id`, `message` (the backend's text, in our language)."""

    templates = {"en": "{process_id}: {message}", "fr": "{process_id} : {message}"}


class SetupError(BackendError):
    """The backend's environment could not be made: `folder`, `detail_en`, `detail_fr`."""

    templates = {
        "en": "{folder}: the backend could not be set up: {detail_en}",
        "fr": "{folder} : installation du moteur impossible : {detail_fr}",
    }
