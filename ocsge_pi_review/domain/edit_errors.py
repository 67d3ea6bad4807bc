# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the second look at edits.

ReviewError
├── EditTakenBackError      the edit holds no longer
├── EditTouchedSinceError   a later edit stands on it
└── NotItsBaseError         a journal that does not start from that layer
"""

from __future__ import annotations

from ocsge_pi_review.domain.errors import ReviewError


class EditTakenBackError(ReviewError):
    """An edit that holds no longer, or is itself an undo: `seq`."""

    templates = {
        "en": "Edit {seq} is already taken back. Choose another one in the list.",
        "fr": "La saisie {seq} est déjà annulée. Choisissez-en une autre dans la liste.",
    }


class EditTouchedSinceError(ReviewError):
    """An edit on which a later one stands: `seq`, `ids`, `later`."""

    templates = {
        "en": "Edit {seq} cannot be taken back alone: {ids} changed since, by edit {later}. Take the later "
        "ones back first, or correct the polygon as it is now.",
        "fr": "La saisie {seq} ne peut pas être annulée seule : {ids} a changé depuis (saisie {later}). "
        "Annulez d'abord les plus récentes, ou corrigez le polygone tel qu'il est.",
    }


class NotItsBaseError(ReviewError):
    """A journal that does not start from that layer: `base`, `lot`, `seq`, `ids`."""

    templates = {
        "en": "{base}: edit {seq} of {lot} starts from polygons that this layer does not hold so ({ids}). "
        "Choose the lot as it was before its first edit.",
        "fr": "{base} : la saisie {seq} de {lot} part de polygones que cette couche ne contient pas ainsi "
        "({ids}). Choisissez le lot tel qu'il était avant sa première saisie.",
    }
