# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the QGIS side that both plugins can meet.

OcsgeError (contracts)
└── CommonError
    ├── TaskCancelledError          the user stopped a task
    └── BackendError
        ├── BackendNotFoundError    no backend is set up
        ├── BackendNotStartedError  the local backend did not come up
        ├── BackendUnreachableError nobody answers at the address
        │   ├── HostNotFoundError   its name is unknown
        │   ├── UntrustedError      its certificate does not hold
        │   └── ProxyFaultError     the proxy stands in between
        ├── BackendRefusedError     it answered with an error
        │   └── WrongTokenError     it does not know the token
        ├── NotABackendError        something else answers there
        ├── BackendTooOldError      the plugin needs a later one
        ├── PluginTooOldError       the backend is later than this plugin
        ├── TokenNotKeptError       QGIS's authentication database did not take the token
        ├── JobFailedError          a job ended without result
        ├── NoSuchInputError        a file to be sent to the backend is not there
        ├── DamagedTransferError    a file did not arrive as it left
        └── SetupError              the backend's environment could not be made
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


class HostNotFoundError(BackendUnreachableError):
    """The name of the host is unknown: `url`, `host`."""

    templates = {
        "en": "{url}: no computer is called {host}. Check the spelling of the address and the network "
        "(VPN?).",
        "fr": "{url} : aucun ordinateur ne s'appelle {host}. Vérifiez l'orthographe de l'adresse et le "
        "réseau "
        "(VPN ?).",
    }


class UntrustedError(BackendUnreachableError):
    """The certificate does not hold: `url`, `detail` (reasons, in QGIS's language)."""

    templates = {
        "en": "{url}: the certificate is not accepted ({detail}). Add the authority of your organisation in "
        "Settings > Options > Authentication > Manage certificates, or ask who runs the backend.",
        "fr": "{url} : certificat refusé ({detail}). Ajoutez l'autorité de votre organisme dans Préférences "
        "> "
        "Options > Authentification > Gestion des certificats, ou demandez à qui tient le moteur.",
    }


class ProxyFaultError(BackendUnreachableError):
    """The proxy stands in between: `url`, `detail`."""

    templates = {
        "en": "{url}: the proxy does not let the request through ({detail}). Check Settings > Options > "
        "Network.",
        "fr": "{url} : le serveur mandataire ne laisse pas passer la requête ({detail}). Vérifiez "
        "Préférences > "
        "Options > Réseau.",
    }


class BackendRefusedError(BackendError):
    """The backend answered with an error: `url`, `status` (HTTP), `detail` (its text, in our language)."""

    templates = {"en": "{detail} (HTTP {status})", "fr": "{detail} (HTTP {status})"}


class WrongTokenError(BackendRefusedError):
    """The backend does not know the token: `url`, `status` (401 or 403), `detail`."""

    templates = {
        "en": "{url}: the backend refuses the token (HTTP {status}). Save the token that who runs it gave "
        "you.",
        "fr": "{url} : le moteur refuse le jeton (HTTP {status}). Enregistrez le jeton donné par qui le "
        "tient.",
    }


class NotABackendError(BackendError):
    """Something else answers at the address: `url`, `detail`."""

    templates = {
        "en": "{url}: what answers there is no OCS GE backend ({detail}). Check the address and its port.",
        "fr": "{url} : ce qui répond là n'est pas un moteur OCS GE ({detail}). Vérifiez l'adresse et son "
        "port.",
    }


class BackendTooOldError(BackendError):
    """The plugin needs a later backend: `version`, `api`, `wanted`."""

    templates = {
        "en": "The backend is too old for this plugin (version {version}, interface {api}; {wanted} is "
        "needed). "
        "Press “Update the backend”; for a remote one, ask who runs it.",
        "fr": "Le moteur est trop ancien pour cette extension (version {version}, interface {api} ; il faut "
        "{wanted}). Cliquez sur « Mettre à jour le moteur » ; s'il est distant, demandez à qui le tient.",
    }


class PluginTooOldError(BackendError):
    """The backend is later than this plugin: `version`, `api`, `wanted`."""

    templates = {
        "en": "The backend (version {version}, interface {api}) is newer than this plugin, which knows "
        "{wanted}. "
        "Update the plugin in Plugins > Manage and Install Plugins.",
        "fr": "Le moteur (version {version}, interface {api}) est plus récent que cette extension, qui "
        "connaît "
        "{wanted}. Mettez l'extension à jour dans Extensions > Installer/Gérer les extensions.",
    }


class TokenNotKeptError(BackendError):
    """QGIS's authentication database did not take the token: `detail_en`, `detail_fr`."""

    templates = {
        "en": "The token was not saved: {detail_en}",
        "fr": "Le jeton n'a pas été enregistré : {detail_fr}",
    }


class JobFailedError(BackendError):
    """A job ended without result: `process_id`, `message` (the backend's text, in our language)."""

    templates = {"en": "{process_id}: {message}", "fr": "{process_id} : {message}"}


class NoSuchInputError(BackendError):
    """A file to be sent to the backend is not there: `path`."""

    templates = {
        "en": "{path}: no such file to send to the backend. Choose it again.",
        "fr": "{path} : fichier introuvable, impossible de l'envoyer au moteur. Choisissez-le à nouveau.",
    }


class DamagedTransferError(BackendError):
    """A file did not arrive as it left: `path`."""

    templates = {
        "en": "{path}: changed or was damaged on its way; nothing was kept. Run it again.",
        "fr": "{path} : modifié ou abîmé pendant le transfert ; rien n'a été gardé. Relancez.",
    }


class SetupError(BackendError):
    """The backend's environment could not be made: `folder`, `detail_en`, `detail_fr`."""

    templates = {
        "en": "{folder}: the backend could not be set up: {detail_en}",
        "fr": "{folder} : installation du moteur impossible : {detail_fr}",
    }
