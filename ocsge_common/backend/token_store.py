# SPDX-License-Identifier: GPL-2.0-or-later
"""The token of a remote backend, kept encrypted in QGIS's authentication database.

QGIS asks once a session for the master password of that database, or takes it from the system's wallet. Call
from the main thread: the question is a window.
"""

from __future__ import annotations

from qgis.core import QgsApplication, QgsAuthManager, QgsAuthMethodConfig

from ..errors import TokenNotKeptError

METHOD = "APIHeader"
HEADER = "Authorization"
NAME = "OCS GE – {}"


def save_token(url: str, token: str, authcfg: str = "") -> str:
    """Keep `token`; returns the id of its entry.

    Args:
        url: of the backend, which names the entry.
        token: as given by who runs the backend.
        authcfg: an entry made here before, whose token is replaced; one of another kind is left alone.

    Raises:
        TokenNotKeptError: the database is off, or its master password was not given.
    """
    manager = QgsApplication.authManager()
    unlock()
    config = QgsAuthMethodConfig(METHOD)
    known = authcfg if manager.configAuthMethodKey(authcfg) == METHOD else ""
    if known:
        config.setId(known)
    config.setName(NAME.format(url))
    config.setUri(url)
    config.setConfig(HEADER, f"Bearer {token}")
    if not _store(manager, config, is_known=bool(known)):
        raise TokenNotKeptError(
            detail_en="QGIS's authentication database refused it.",
            detail_fr="la base d'authentification de QGIS l'a refusé.",
        )
    return str(config.id())


def unlock() -> None:
    """Have the master password asked now, where it is needed and not yet given.

    Raises:
        TokenNotKeptError: the database is off, or its master password was not given.
    """
    manager = QgsApplication.authManager()
    if manager.isDisabled():
        reason = manager.disabledMessage()
        raise TokenNotKeptError(detail_en=reason, detail_fr=reason)
    if not manager.setMasterPassword(True):
        raise TokenNotKeptError(
            detail_en="the master password was not given. It protects the passwords kept by QGIS; choose it "
            "at "
            "the first use, and give it again once a session.",
            detail_fr="le mot de passe principal n'a pas été donné. Il protège les mots de passe gardés par "
            "QGIS ; "
            "choisissez-le à la première utilisation, puis redonnez-le une fois par session.",
        )


def _store(manager: QgsAuthManager, config: QgsAuthMethodConfig, is_known: bool) -> bool:
    if is_known:
        return bool(manager.updateAuthenticationConfig(config))
    stored = manager.storeAuthenticationConfig(config)
    return bool(stored[0] if isinstance(stored, tuple) else stored)


def kept_headers(authcfg: str) -> dict[str, str]:
    """The headers of an entry made here; empty for none and for entries of another kind. In any thread."""
    if not authcfg:
        return {}
    manager = QgsApplication.authManager()
    if manager.configAuthMethodKey(authcfg) != METHOD:
        return {}
    config = QgsAuthMethodConfig()
    loaded = manager.loadAuthenticationConfig(authcfg, config, True)
    is_loaded = loaded[0] if isinstance(loaded, tuple) else loaded
    return dict(config.configMap()) if is_loaded else {}
