# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of work that is kept beside its output.

OutputError
└── OutputInUseError    another process works on the same output
"""

from __future__ import annotations

from inference_backend.errors import OutputError


class OutputInUseError(OutputError):
    """Another process works on the same output: `path`, `pid`."""

    templates = {
        "en": "{path}: process {pid} is already writing it. Wait for its end, or choose another output.",
        "fr": "{path} : le processus {pid} est déjà en train de l'écrire. Attendez sa fin, ou choisissez une "
        "autre sortie.",
    }
