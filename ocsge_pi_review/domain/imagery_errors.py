# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be wrong with a background image of a lot.

ReviewError
└── ImageryError
    ├── ImageUnreadableError     the source does not open
    ├── ImageSourceRefusedError  a kind of source that a lot may not name
    └── NoImageError             the lot has no image of that kind
"""

from __future__ import annotations

from ocsge_pi_review.domain.errors import ReviewError


class ImageryError(ReviewError):
    """Root of the errors about background images."""


class ImageUnreadableError(ImageryError):
    """A source that does not open: `name`, `source`."""

    templates = {
        "en": "The image “{name}” cannot be opened ({source}). Put the file back where the lot expects it "
        "or, for a map service, check the network.",
        "fr": "L'image « {name} » ne s'ouvre pas ({source}). Remettez le fichier là où le lot l'attend "
        "ou, pour un service de cartes, vérifiez le réseau.",
    }


class ImageSourceRefusedError(ImageryError):
    """A kind of source that a lot may not name: `name`, `source`."""

    templates = {
        "en": "The image “{name}” has a source that is not opened from a lot ({source}): only files, "
        "addresses in http and map services are. Add it to the project yourself if you trust it.",
        "fr": "L'image « {name} » a une source qu'un lot ne peut pas faire ouvrir ({source}) : seuls le "
        "sont les fichiers, les adresses http et les services de cartes. Ajoutez-la vous-même au projet "
        "si vous lui faites confiance.",
    }


class NoImageError(ImageryError):
    """The lot has no image of that kind: `kind_en`, `kind_fr`."""

    templates = {
        "en": "This lot has no image of that kind: {kind_en}. Choose a layer of the project in the menu "
        "of the views, or ask for a lot with that image.",
        "fr": "Ce lot n'a pas d'image de ce genre : {kind_fr}. Choisissez une couche du projet dans le "
        "menu des vues, ou demandez un lot qui contient cette image.",
    }
