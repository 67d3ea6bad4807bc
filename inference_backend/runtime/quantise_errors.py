# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of quantisation.

BackendError
└── QuantiserMissingError       NNCF is not installed
ModelError
├── AlreadyQuantisedError       the network has 8 bits already
└── NotQuantisableError         NNCF cannot treat this network
RasterError
└── TooFewTilesError            too little image to calibrate on and to compare
"""

from __future__ import annotations

from inference_backend.errors import BackendError, ModelError, RasterError


class QuantiserMissingError(BackendError):
    """NNCF is not installed, or does not load: `reason`."""

    templates = {
        "en": "Quantising needs NNCF, which does not load ({reason}). In the backend's environment: "
        'pip install "ocsge-backend[quantize]"',
        "fr": "La quantification a besoin de NNCF, qui ne se charge pas ({reason}). Dans l'environnement du "
        'moteur de calcul : pip install "ocsge-backend[quantize]"',
    }


class AlreadyQuantisedError(ModelError):
    """The network has 8 bits already: `path`."""

    templates = {
        "en": "{path}: this network is quantised already. Give the one that it was made from.",
        "fr": "{path} : ce réseau est déjà quantifié. Donnez celui dont il a été tiré.",
    }


class NotQuantisableError(ModelError):
    """NNCF cannot treat this network: `path`, `reason`."""

    templates = {
        "en": "{path}: cannot be quantised: {reason}. Run the model as it is, or export it with opset 13 "
        "or newer.",
        "fr": "{path} : quantification impossible : {reason}. Utilisez le modèle tel quel, ou exportez-le "
        "avec un opset 13 ou plus récent.",
    }


class TooFewTilesError(RasterError):
    """Too little image: `path`, `found`, `needed`, `tile_px`."""

    templates = {
        "en": "{path}: holds {found} whole tiles of {tile_px} px with image, at least {needed} are needed, "
        "some to calibrate and others to compare. Give a larger raster.",
        "fr": "{path} : contient {found} tuiles entières de {tile_px} px avec image, il en faut au "
        "moins {needed}, les unes pour calibrer, les autres pour comparer. Donnez un raster plus grand.",
    }
