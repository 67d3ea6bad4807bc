# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of a control; the tree is in `errors`."""

from __future__ import annotations

from ocsge_pi_review.domain.errors import LotError, ReviewError


class ControlFileError(LotError):
    """A control file that cannot be opened."""

    templates = {
        "en": "{path}: this control file cannot be opened: {problem_en}. {remedy_en}",
        "fr": "{path} : fichier de contrôle impossible à ouvrir : {problem_fr}. {remedy_fr}",
    }


class DamagedControlError(ReviewError):
    """A control file that could be opened, and then not be read: `path`, `reason`."""

    templates = {
        "en": "{path}: the control file can no longer be read ({reason}). Close it, check the disk, and "
        "open your last copy; every answer confirmed before is in it.",
        "fr": "{path} : le fichier de contrôle n'est plus lisible ({reason}). Fermez-le, vérifiez le "
        "disque et ouvrez votre dernière copie ; toute réponse confirmée auparavant s'y trouve.",
    }


class AnswerNotWrittenError(ReviewError):
    """An answer that could not be written: `path`, `reason`."""

    templates = {
        "en": "{path}: the answer was not written ({reason}). It is still on the screen: free space on the "
        "disk or close the other program that writes to the file, then confirm again.",
        "fr": "{path} : la réponse n'a pas été écrite ({reason}). Elle est encore à l'écran : libérez de la "
        "place sur le disque ou fermez l'autre programme qui écrit dans le fichier, puis confirmez encore.",
    }


class IncompleteAnswerError(ReviewError):
    """An answer that says nothing of the cover or of the use: `what_en`, `what_fr`, `key`."""

    templates = {
        "en": "Nothing is said of the {what_en} yet: press its key, or {key} if it cannot be said.",
        "fr": "Rien n'est dit {what_fr} : appuyez sur sa touche, ou sur {key} si vous ne pouvez pas vous "
        "prononcer.",
    }
