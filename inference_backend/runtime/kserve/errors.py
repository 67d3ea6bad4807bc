# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the KServe V2 protocol.

BackendError
├── MalformedMessageError       a message whose parts contradict each other
└── EngineError
    └── RemoteEngineError
        ├── BadServerUrlError   not the address of a server
        ├── BadTokenValueError  a token that no header can carry
        ├── ServerGoneError     nobody answers, after every attempt
        ├── ServerRefusedError  an error answer
        ├── AccessRefusedError  the token is missing or wrong
        ├── CertificateError    the server's certificate is not trusted
        ├── NoSuchRemoteModelError
        ├── RemoteModelMismatchError   the server's model is not the one of the card
        └── BadServerAnswerError       an answer that cannot be used
"""

from __future__ import annotations

from inference_backend.errors import BackendError
from inference_backend.runtime.errors import EngineError


class MalformedMessageError(BackendError):
    """A message whose parts contradict each other: `problem_en`, `problem_fr`."""

    templates = {"en": "Malformed message: {problem_en}.", "fr": "Message incorrect : {problem_fr}."}


class RemoteEngineError(EngineError):
    """Root of what can go wrong with a server."""


class BadServerUrlError(RemoteEngineError):
    """Not the address of a server: `url`, without any secret it may hold."""

    templates = {
        "en": "{url}: not the address of an inference server. Give http://host:port or "
        "http://host:port/v2/models/NAME, without user name, password or query; a token goes into "
        "OCSGE_V2_TOKEN.",
        "fr": "{url} : n'est pas l'adresse d'un serveur d'inférence. Donnez http://hôte:port ou "
        "http://hôte:port/v2/models/NOM, sans nom d'utilisateur, mot de passe ni requête ; un jeton se met "
        "dans OCSGE_V2_TOKEN.",
    }


class BadTokenValueError(RemoteEngineError):
    """A token that no header can carry."""

    templates = {
        "en": "OCSGE_V2_TOKEN: holds blanks or characters other than ASCII. Copy the token again.",
        "fr": "OCSGE_V2_TOKEN : contient des blancs ou des caractères hors ASCII. Recopiez le jeton.",
    }


class ServerGoneError(RemoteEngineError):
    """Nobody answers, after every attempt: `url`, `reason_en`, `reason_fr`, `attempts`, `seconds`."""

    templates = {
        "en": "{url}: no answer after {attempts} attempts in {seconds} s (last one: {reason_en}). Check "
        "that the inference server runs and can be reached, or choose another --engine; the same command "
        "goes on from the blocks that are finished.",
        "fr": "{url} : pas de réponse après {attempts} essais en {seconds} s (le dernier : {reason_fr}). "
        "Vérifiez que le serveur d'inférence tourne et qu'il est joignable, ou choisissez un autre "
        "--engine ; la même commande reprend après les blocs terminés.",
    }


class ServerRefusedError(RemoteEngineError):
    """An error answer: `url`, `status`, `detail` (the server's words, shortened)."""

    templates = {
        "en": "{url}: the inference server refused (HTTP {status}): {detail}. Compare its model with the "
        "card, or look into its log.",
        "fr": "{url} : le serveur d'inférence a refusé (HTTP {status}) : {detail}. Comparez son modèle à la "
        "fiche, ou consultez son journal.",
    }


class AccessRefusedError(RemoteEngineError):
    """The token is missing or wrong: `url`, `status`."""

    templates = {
        "en": "{url}: the inference server refused access (HTTP {status}). Set OCSGE_V2_TOKEN to the token "
        "that its administrator gave you.",
        "fr": "{url} : le serveur d'inférence a refusé l'accès (HTTP {status}). Mettez dans OCSGE_V2_TOKEN "
        "le jeton que son administrateur vous a donné.",
    }


class CertificateError(RemoteEngineError):
    """The server's certificate is not trusted: `url`."""

    templates = {
        "en": "{url}: the server's certificate is not trusted. If your organisation signs its own, set "
        "REQUESTS_CA_BUNDLE to its certificate file; verification is never switched off.",
        "fr": "{url} : le certificat du serveur n'est pas reconnu. Si votre organisme signe les siens, "
        "mettez son fichier de certificats dans REQUESTS_CA_BUNDLE ; la vérification n'est jamais "
        "désactivée.",
    }


class NoSuchRemoteModelError(RemoteEngineError):
    """`url`, `tried`, `known` (names, or `?`)."""

    templates = {
        "en": "{url}: this server has no model called {tried} (it offers: {known}). Give the address with "
        "its name: {url}/v2/models/NAME",
        "fr": "{url} : ce serveur n'a pas de modèle appelé {tried} (il propose : {known}). Donnez l'adresse "
        "avec son nom : {url}/v2/models/NOM",
    }


class RemoteModelMismatchError(RemoteEngineError):
    """The server's model is not the card's: `url`, `what_en`, `what_fr`, `remote`, `card`."""

    templates = {
        "en": "{url}: the server's model does not fit the card: {what_en} is {remote}, the card needs "
        "{card}. Choose the model that belongs to this server, or correct the card.",
        "fr": "{url} : le modèle du serveur ne correspond pas à la fiche : {what_fr} vaut {remote}, la "
        "fiche demande {card}. Choisissez le modèle de ce serveur, ou corrigez la fiche.",
    }


class BadServerAnswerError(RemoteEngineError):
    """An answer that cannot be used: `url`, `problem_en`, `problem_fr`."""

    templates = {
        "en": "{url}: the inference server's answer cannot be used: {problem_en}. Check the address, and "
        "that the server speaks the Open Inference Protocol (KServe V2).",
        "fr": "{url} : la réponse du serveur d'inférence est inutilisable : {problem_fr}. Vérifiez "
        "l'adresse, et que le serveur parle l'Open Inference Protocol (KServe V2).",
    }
