# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of handing a lot over; the tree is in `errors`."""

from __future__ import annotations

from ocsge_pi_review.domain.errors import ReviewError


class ClosedLotError(ReviewError):
    """A gesture on a lot that was handed in: `label`, `state_en`, `state_fr`."""

    templates = {
        "en": "This lot is {state_en}: it can be looked at, not changed. To go on working on it, choose "
        "“State of the lot” in the menu.",
        "fr": "Ce lot est {state_fr} : il se consulte, il ne se modifie plus. Pour y travailler encore, "
        "choisissez « État du lot » dans le menu.",
    }


class TamperedLotError(ReviewError):
    """A lot that is not what its journal says: `label`, `ids`."""

    templates = {
        "en": "{label}: this lot cannot be handed in, because it was changed past its journal (polygons: "
        "{ids}). Restore the file from a copy, or have it made again.",
        "fr": "{label} : ce lot ne peut pas être remis, car il a été modifié hors de son journal "
        "(polygones : {ids}). Rétablissez le fichier depuis une copie, ou faites-le refaire.",
    }


class UnknownItemError(ReviewError):
    """An item that the lot does not have: `item`."""

    templates = {
        "en": "This lot has no item {item}. Give the numbers of the queue, separated by spaces.",
        "fr": "Ce lot n'a pas d'élément {item}. Donnez les numéros de la file, séparés par des espaces.",
    }


class NoIdLeftError(ReviewError):
    """A lot that gave all the polygon ids set apart for it: `label`, `limit`."""

    templates = {
        "en": "{label}: all polygon ids set apart for this lot are used (the last is {limit}); a new polygon "
        "would take the id of one in another lot. Nothing was done. Hand this lot in, and have the rest of "
        "the work cut again from the lot it came from.",
        "fr": "{label} : tous les identifiants de polygones réservés à ce lot sont utilisés (le dernier est "
        "{limit}) ; un nouveau polygone prendrait celui d'un autre lot. Rien n'a été fait. Remettez ce lot, "
        "et faites redécouper le reste du travail dans le lot d'origine.",
    }
