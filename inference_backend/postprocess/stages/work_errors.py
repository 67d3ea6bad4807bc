# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of work on the blocks of a lot.

BackendError
├── Cancelled
│   └── LotPausedError    stopped by the user; finished blocks are kept
└── OutputError
    └── LotHaltedError    the disk is full or gone; finished blocks are kept
"""

from __future__ import annotations

from inference_backend.errors import Cancelled, OutputError


class LotPausedError(Cancelled):
    """Stopped by the user: `done` finished blocks are kept in `folder`."""

    templates = {
        "en": "Cancelled. {done} finished blocks are kept in {folder}: the same command goes on from there. "
        "Remove that folder if you do not want to.",
        "fr": "Annulé. {done} blocs finis sont conservés dans {folder} : la même commande reprendra de là. "
        "Supprimez ce dossier si vous n'en voulez plus.",
    }


class LotHaltedError(OutputError):
    """The disk is full or gone: `path`, `reason`; `done` finished blocks are kept in `folder`."""

    templates = {
        "en": "{path}: could not be written: {reason}. Free space, then run the same command: it goes on "
        "from the {done} finished blocks kept in {folder}.",
        "fr": "{path} : écriture impossible : {reason}. Libérez de la place, puis relancez la même "
        "commande : elle reprendra des {done} blocs finis conservés dans {folder}.",
    }
