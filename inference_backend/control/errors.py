# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of a control.

InputError
├── ControlError           a lot that cannot be controlled as asked, or has no control
├── ControlDesignError     a design that cannot be followed on this lot
├── ControlFileError       a control file that is damaged, foreign or was tampered with
└── LotChangedError        a lot that was changed after its sample was drawn
"""

from __future__ import annotations

from inference_backend.errors import InputError

IDS_SHOWN = 10


class ControlError(InputError):
    """A lot that cannot be controlled as asked, or that has no control."""


class ControlDesignError(InputError):
    """A design that cannot be followed on this lot."""


class ControlFileError(InputError):
    """A control file that is damaged, of another control, or that was tampered with."""


class LotChangedError(InputError):
    """The lot is no longer what the sample was drawn from: `path`, `count`, `ids`."""

    templates = {
        "en": "{path}: was changed after its sample was drawn: {count} of the units ({ids}). What the "
        "controllers saw is not what is there now. Take the changes back, or draw a new sample (ocsge "
        "control sample --replace).",
        "fr": "{path} : ce lot a été modifié après le tirage de son échantillon : {count} unités ({ids}). "
        "Ce que les contrôleurs ont vu n'est plus ce qu'il contient. Annulez ces modifications, ou tirez un "
        "nouvel échantillon (ocsge control sample --replace).",
    }


class PopulationChangedError(InputError):
    """Polygons outside the sample changed after it was drawn: `path`."""

    templates = {
        "en": "{path}: polygons outside the sample were changed, added or removed after it was drawn, so "
        "that it stands for the lot no more. Take the changes back, or draw a new sample (ocsge control "
        "sample --replace).",
        "fr": "{path} : des polygones hors de l'échantillon ont été modifiés, ajoutés ou supprimés après son "
        "tirage : il ne représente plus le lot. Annulez ces modifications, ou tirez un nouvel échantillon "
        "(ocsge control sample --replace).",
    }
