# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the indicators.

InputError
├── ProductionFileError   the production file, or its timesheet, says something impossible
└── UnreadLotError        one lot cannot be read: listed in the report, never fatal
"""

from __future__ import annotations

from enum import StrEnum

from inference_backend.errors import InputError


class ProductionFileError(InputError):
    """The production file cannot be used: `path`, `key`, `problem_en/fr`, `remedy_en/fr`."""

    templates = {
        "en": "{path}: {key}: {problem_en}. {remedy_en}",
        "fr": "{path} : {key} : {problem_fr}. {remedy_fr}",
    }


class Trouble(StrEnum):
    """Why a lot could not be read."""

    MISSING = "missing"
    NO_MATCH = "no_match"
    LOCKED = "locked"
    DAMAGED = "damaged"
    OLD = "old"
    NEW = "new"
    NO_LOT = "no_lot"
    NO_CONNECTION = "no_connection"


_REMEDIES = {
    Trouble.MISSING: (
        "there is no such file any more",
        "ce fichier n'existe plus",
        "Put it back, or take it out of the production file.",
        "Remettez-le en place, ou retirez-le du fichier de production.",
    ),
    Trouble.NO_MATCH: (
        "this pattern finds no lot",
        "ce motif ne trouve aucun lot",
        "Correct it, or take it out.",
        "Corrigez-le, ou retirez-le.",
    ),
    Trouble.LOCKED: (
        "another program keeps it to itself",
        "un autre programme le garde pour lui",
        "Close it there and make the report again.",
        "Fermez-le là-bas et refaites le tableau de bord.",
    ),
    Trouble.DAMAGED: (
        "the file is damaged",
        "le fichier est endommagé",
        "Have it sent again, or restore a copy.",
        "Faites-le renvoyer, ou rétablissez une copie.",
    ),
    Trouble.OLD: (
        "a lot of an older version",
        "lot d'une version plus ancienne",
        "Open it once in the QGIS plugin, which brings it up to date.",
        "Ouvrez-le une fois dans l'extension QGIS, qui le met à jour.",
    ),
    Trouble.NEW: (
        "a lot of a newer version",
        "lot d'une version plus récente",
        "Update the backend.",
        "Mettez à jour le moteur.",
    ),
    Trouble.NO_LOT: (
        "not a lot",
        "ce n'est pas un lot",
        "Narrow the pattern, or make a lot of it with `ocsge import`.",
        "Resserrez le motif, ou faites-en un lot avec `ocsge import`.",
    ),
    Trouble.NO_CONNECTION: (
        "the database does not answer",
        "la base de données ne répond pas",
        "Check the service, the account and the network.",
        "Vérifiez le service, le compte et le réseau.",
    ),
}


class UnreadLotError(InputError):
    """One lot cannot be read; `trouble` says why.

    Args:
        path: the lot, as the report names it.
        trouble: the kind.
        reason: what the library said, or nothing.
    """

    def __init__(self, path: object, trouble: Trouble, reason: object = "") -> None:
        en, fr, remedy_en, remedy_fr = _REMEDIES[trouble]
        told = f" ({reason})" if reason else ""
        self.trouble = trouble
        super().__init__(
            path=path, problem_en=en + told, problem_fr=fr + told, remedy_en=remedy_en, remedy_fr=remedy_fr
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (self.values, self.trouble))


def _again(values: dict[str, object], trouble: Trouble) -> UnreadLotError:
    error = UnreadLotError(values["path"], trouble)
    error.values.update(values)
    return error
