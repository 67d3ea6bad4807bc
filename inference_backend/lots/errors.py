# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of cutting, handing over and merging lots.

InputError
├── LotFileError        no lot, damaged, of another version, or used by another program
├── CutError            a way of cutting that cannot be followed
├── ImageryError        an image that cannot go with a lot
├── ForeignLotError     a lot that was not cut from this one
├── NotDeliveredError   a lot that somebody still works on
└── EditedPastJournalError  polygons that differ from what the journal tells
"""

from __future__ import annotations

from inference_backend.errors import InputError


class LotFileError(InputError):
    """No lot, a damaged one, one of another version, or one that another program holds."""


class CutError(InputError):
    """A way of cutting that cannot be followed on this lot."""


class ImageryError(InputError):
    """An image that cannot go with a lot."""


class ForeignLotError(InputError):
    """The lot was not cut from this one: `path`, `parent`, `told`."""

    templates = {
        "en": "{path}: was not cut from {parent} but from {told}. Merge it into that one.",
        "fr": "{path} : ce lot ne vient pas de {parent} mais de {told}. Fusionnez-le dans ce dernier.",
    }


class NotDeliveredError(InputError):
    """Somebody still works on the lot: `path`, `state_en`, `state_fr`."""

    templates = {
        "en": "{path}: is {state_en}, not delivered. Have it delivered first (`ocsge lot state FILE --set "
        "delivered`, or the button in QGIS).",
        "fr": "{path} : ce lot est {state_fr}, il n'est pas livré. Faites-le d'abord livrer "
        "(`ocsge lot state FICHIER --set delivered`, ou le bouton dans QGIS).",
    }


class EditedPastJournalError(InputError):
    """Polygons that differ from what base and journal give: `path`, `count`, `ids`."""

    templates = {
        "en": "{path}: {count} polygons were changed past the journal ({ids}). Nothing was merged. Have the "
        "lot delivered again as the plugin left it, or take these polygons back to what the journal says.",
        "fr": "{path} : {count} polygones ont été modifiés hors du journal ({ids}). Rien n'a été fusionné. "
        "Faites livrer de nouveau le lot tel que l'extension l'a laissé, ou rendez à ces polygones l'état "
        "que dit le journal.",
    }
