# SPDX-License-Identifier: GPL-2.0-or-later
"""What pip and the system say when a set-up fails, in words that name the remedy."""

from __future__ import annotations

import errno
import re

LAST_LINES = 3

DISK_FULL = (
    "the disk is full. Free some space (about 2 GB are needed), then try again.",
    "le disque est plein. Libérez de la place (il faut environ 2 Go), puis recommencez.",
)
NO_PERMISSION = (
    "writing is not permitted there. Ask for the right to write into this folder, or set OCSGE_BACKEND_HOME "
    "to "
    "another one.",
    "l'écriture n'y est pas autorisée. Demandez le droit d'écrire dans ce dossier, ou donnez-en un autre "
    "par la "
    "variable OCSGE_BACKEND_HOME.",
)
LOCKED = (
    "a file is held by another program, often a virus scanner. Wait a minute, then try again.",
    "un fichier est retenu par un autre programme, souvent un antivirus. Attendez une minute, puis "
    "recommencez.",
)
PROXY_REFUSES = (
    "the proxy refuses the user or the password (407). Correct them in Settings > Options > Network, or "
    "install "
    "from a bundle, without internet.",
    "le serveur mandataire refuse l'utilisateur ou le mot de passe (407). Corrigez-les dans Préférences > "
    "Options "
    "> Réseau, ou installez depuis un lot, sans internet.",
)
PROXY_ABSENT = (
    "the proxy does not answer. Check Settings > Options > Network, or install from a bundle, without "
    "internet.",
    "le serveur mandataire ne répond pas. Vérifiez Préférences > Options > Réseau, ou installez depuis un "
    "lot, "
    "sans internet.",
)
BAD_CERTIFICATE = (
    "the certificate of the package index is not trusted. Add the authority of your organisation in "
    "Settings > "
    "Options > Authentication > Manage certificates, then try again.",
    "le certificat de l'index de paquets n'est pas reconnu. Ajoutez l'autorité de votre organisme dans "
    "Préférences "
    "> Options > Authentification > Gestion des certificats, puis recommencez.",
)
INDEX_REFUSES = (
    "the package index asks for a user and a password (401 or 403). Put them into pip's settings (pip.conf).",
    "l'index de paquets demande un utilisateur et un mot de passe (401 ou 403). Indiquez-les dans les "
    "réglages de "
    "pip (pip.conf).",
)
INDEX_ABSENT = (
    "the package index does not answer. Check the connection and the proxy (Settings > Options > Network), "
    "or "
    "install from a bundle, without internet.",
    "l'index de paquets ne répond pas. Vérifiez la connexion et le serveur mandataire (Préférences > "
    "Options > "
    "Réseau), ou installez depuis un lot, sans internet.",
)
NO_PACKAGE = (
    "the package index has no {name} for this system and Python. Use another Python, a bundle of this "
    "platform, or "
    "the index of your organisation (pip.conf).",
    "l'index de paquets n'a pas {name} pour ce système et ce Python. Utilisez un autre Python, un lot pour "
    "cette "
    "plateforme, ou l'index de votre organisme (pip.conf).",
)

PATTERNS: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"No space left on device|Errno 28\b|WinError 112\b|Disk quota exceeded", DISK_FULL),
    (r"WinError 32\b|being used by another process", LOCKED),
    (r"\b407\b|Proxy Authentication Required", PROXY_REFUSES),
    (r"ProxyError|Cannot connect to proxy|SOCKS", PROXY_ABSENT),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError|certificate verify failed", BAD_CERTIFICATE),
    (r"\b40[13] (?:Client )?Error|Credentials not correct", INDEX_REFUSES),
    (
        r"Failed to establish a new connection|NewConnectionError|getaddrinfo|Name or service not known|"
        r"name resolution|ConnectTimeout|ReadTimeout|Read timed out|Connection refused|ConnectionResetError|"
        r"IncompleteRead|ProtocolError|RemoteDisconnected|\b50[0234] Server Error",
        INDEX_ABSENT,
    ),
    (r"No matching distribution found for (?P<name>[\w.-]+)", NO_PACKAGE),
    (r"Permission denied|Errno 13\b|WinError 5\b|Read-only file system|Errno 30\b", NO_PERMISSION),
)
"""Checked in this order: pip ends most network faults with `No matching distribution` of its own."""


def fault_of_lines(lines: list[str]) -> tuple[str, str]:
    """English and French reason of a failed program, its last lines where none is known."""
    text = "\n".join(lines)
    for pattern, (english, french) in PATTERNS:
        found = re.search(pattern, text)
        if found:
            values = {"name": found.groupdict().get("name", "")}
            return english.format(**values), french.format(**values)
    last = " ".join(lines[-LAST_LINES:]) or "?"
    return last, last


def is_locked(lines: list[str]) -> bool:
    """Whether waiting and trying again may help: another program holds a file."""
    return bool(re.search(PATTERNS[1][0], "\n".join(lines)))


def fault_of_system(error: OSError) -> tuple[str, str]:
    """English and French reason of an error of the file system."""
    known = {
        errno.ENOSPC: DISK_FULL,
        errno.EDQUOT: DISK_FULL,
        errno.EACCES: NO_PERMISSION,
        errno.EPERM: NO_PERMISSION,
        errno.EROFS: NO_PERMISSION,
    }
    if getattr(error, "winerror", None) in (32, 33):
        english, french = LOCKED
    else:
        english, french = known.get(error.errno or 0, (str(error), str(error)))
    where = f"{error.filename} – " if error.filename else ""
    return where + english, where + french
