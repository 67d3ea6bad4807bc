# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of prediction.

RasterError
├── UnreadableRasterError     missing, damaged or truncated
├── NoCrsError                no coordinate system
├── NotNorthUpError           rotated or sheared
├── WrongResolutionError      other pixel size than the model's
├── GridMismatchError         rasters that do not share one grid
├── WrongDepthError           more than 8 bits where the model wants bytes
├── MissingBandsError         no raster holds a band the model needs
├── RefusedSourceError        a name that is no raster we open, or one that is forbidden here
├── RemoteRasterError         a server that is absent, refuses, or stops half-way
├── ServiceOptionError        a `WMS:` address that lacks what a request needs
└── RasterChangedError        replaced while it was read
BackendError
└── BadBandOptionError        a --bands, --fill or --crs value that cannot be used
ModelError
└── UnexpectedScoresError     the network returned something else than its card says
"""

from __future__ import annotations

from inference_backend.errors import BackendError, ModelError, RasterError


class UnreadableRasterError(RasterError):
    """Missing, damaged or truncated: `path`, `reason`."""

    templates = {
        "en": "{path}: cannot be read: {reason}. The file is missing, truncated or damaged: copy it again "
        "from its source.",
        "fr": "{path} : lecture impossible : {reason}. Le fichier est absent, tronqué ou endommagé : "
        "recopiez-le depuis sa source.",
    }


class NoCrsError(RasterError):
    """No coordinate system: `path`."""

    templates = {
        "en": "{path}: has no coordinate system (CRS: none). If you know it, add for instance "
        "--crs EPSG:2154, or write it into the file: gdal_edit.py -a_srs EPSG:2154 {path}",
        "fr": "{path} : n'a pas de système de coordonnées (SCR : aucun). Si vous le connaissez, ajoutez par "
        "exemple --crs EPSG:2154, ou inscrivez-le dans le fichier : gdal_edit.py -a_srs EPSG:2154 {path}",
    }


class NotNorthUpError(RasterError):
    """Rotated or sheared: `path`, `transform`."""

    templates = {
        "en": "{path}: its pixels are not aligned north-up (transform {transform}). Straighten it: "
        "gdalwarp {path} straight.tif",
        "fr": "{path} : ses pixels ne sont pas orientés au nord (transformation {transform}). Redressez-le : "
        "gdalwarp {path} redresse.tif",
    }


class WrongResolutionError(RasterError):
    """Other pixel size than the model's: `path`, `found`, `unit`, `expected_m`."""

    templates = {
        "en": "{path}: its pixel is {found} {unit}, the model was trained at {expected_m} m. Add --resample, "
        "or: gdalwarp -tr {expected_m} {expected_m} -r bilinear {path} resampled.tif",
        "fr": "{path} : son pixel est de {found} {unit}, le modèle a été entraîné à {expected_m} m. Ajoutez "
        "--resample, ou : gdalwarp -tr {expected_m} {expected_m} -r bilinear {path} reechantillonne.tif",
    }


class GridMismatchError(RasterError):
    """Rasters that do not share one grid: `path`, `other`, `what_en`, `what_fr`, `found`, `expected`."""

    templates = {
        "en": "{path}: {what_en} {found}, but {other} has {expected}. The rasters must share one grid: add "
        "--resample to bring all of them onto the first one's extent.",
        "fr": "{path} : {what_fr} {found}, mais {other} a {expected}. Les rasters doivent partager une même "
        "grille : ajoutez --resample pour les ramener tous sur l'emprise du premier.",
    }


class WrongDepthError(RasterError):
    """More than 8 bits a pixel where the model wants bytes: `path`, `index`, `found`."""

    templates = {
        "en": "{path}: band {index} holds {found} values, the model was trained on bytes (0 to 255). Stretch "
        "it first: gdal_translate -ot Byte -scale {path} bytes.tif",
        "fr": "{path} : la bande {index} contient des valeurs {found}, le modèle a été entraîné sur des "
        "octets (0 à 255). Convertissez-la d'abord : gdal_translate -ot Byte -scale {path} octets.tif",
    }


class MissingBandsError(RasterError):
    """No raster holds a band the model needs: `path`, `missing`, `found`."""

    templates = {
        "en": "{path}: the model needs band(s) {missing}; found by description: {found}. Say where they are, "
        "for instance --bands red=ortho.tif:1,nir=irc.tif:1, or give a constant: --fill {example}=0",
        "fr": "{path} : le modèle a besoin de la ou des bandes {missing} ; trouvées par leur description : "
        "{found}. Dites où elles sont, par exemple --bands red=ortho.tif:1,nir=irc.tif:1, ou donnez une "
        "constante : --fill {example}=0",
    }


class RefusedSourceError(RasterError):
    """A name that is no raster we open, or one that is forbidden here: `path`, problem and remedy."""

    @classmethod
    def gdal_path(cls, path: str) -> RefusedSourceError:
        """A `/vsi...` path."""
        return cls(
            path=path,
            problem_en="/vsi paths of GDAL are not accepted, since they reach archives, memory and servers "
            "unseen",
            problem_fr="les chemins /vsi de GDAL ne sont pas acceptés, car ils atteignent archives, mémoire "
            "et serveurs sans que cela se voie",
            remedy_en="Give the file itself (unpacked), or its address: https://...",
            remedy_fr="Donnez le fichier lui-même (décompressé), ou son adresse : https://...",
        )

    @classmethod
    def connection(cls, path: str) -> RefusedSourceError:
        """A connection string other than ours."""
        return cls(
            path=path,
            problem_en="neither a file nor one of the accepted addresses",
            problem_fr="ni un fichier, ni une des adresses acceptées",
            remedy_en="Accepted: a local file, http://, https://, WMS:https://..., WMTS:https://...",
            remedy_fr="Sont acceptés : un fichier local, http://, https://, WMS:https://..., "
            "WMTS:https://...",
        )

    @classmethod
    def outside(cls, path: str) -> RefusedSourceError:
        """A file outside the allowed folders."""
        return cls(
            path=path,
            problem_en="lies outside the folders this service may read",
            problem_fr="se trouve hors des dossiers que ce service peut lire",
            remedy_en="Put it into one of them, or ask the administrator to allow its folder.",
            remedy_fr="Placez-le dans l'un d'eux, ou demandez à l'administrateur d'autoriser son dossier.",
        )

    @classmethod
    def host(cls, path: str, host: str) -> RefusedSourceError:
        """A server that is not allowed."""
        return cls(
            path=path,
            problem_en=f"the server {host or '(none named)'} is not one this service may ask",
            problem_fr=f"le serveur {host or '(aucun)'} n'est pas de ceux que ce service peut interroger",
            remedy_en="Give an http(s) address of an allowed server, or ask the administrator to allow it.",
            remedy_fr="Donnez une adresse http(s) d'un serveur autorisé, ou demandez à l'administrateur de "
            "l'autoriser.",
        )

    @classmethod
    def inside(cls, path: str, found: str) -> RefusedSourceError:
        """A file that refers to what is forbidden: `found` names it."""
        return cls(
            path=path,
            problem_en=f"refers to {found}, which this service may not read",
            problem_fr=f"renvoie à {found}, que ce service ne peut pas lire",
            remedy_en="Give a raster that holds its own pixels: gdal_translate it to a GeoTIFF.",
            remedy_fr="Donnez un raster qui contient ses propres pixels : convertissez-le en GeoTIFF par "
            "gdal_translate.",
        )


class RemoteRasterError(RasterError):
    """A server that is absent, refuses, or stops half-way: `path`, problem and remedy."""


class ServiceOptionError(RasterError):
    """A `WMS:` address that lacks what a request needs: `path`, problem and remedy."""


class RasterChangedError(RasterError):
    """Replaced while it was read: `path`."""

    templates = {
        "en": "{path}: was changed while it was being read, so that one result would mix two images. Start "
        "again when the file is complete.",
        "fr": "{path} : a été modifié pendant sa lecture ; un même résultat mêlerait deux images. "
        "Recommencez quand le fichier est complet.",
    }


class BadBandOptionError(BackendError):
    """A value of an option that cannot be used: `option`, `value`, `expected_en`, `expected_fr`."""

    templates = {
        "en": "{option} {value}: not usable, expected {expected_en}.",
        "fr": "{option} {value} : inutilisable, attendu : {expected_fr}.",
    }


class UnexpectedScoresError(ModelError):
    """The network returned something else than its card says: `path`, `shape`, `expected`."""

    templates = {
        "en": "{path}: the network returned scores of shape {shape}, its card announces {expected}. Correct "
        "the card or export the model again.",
        "fr": "{path} : le réseau a rendu des scores de forme {shape}, sa fiche annonce {expected}. Corrigez "
        "la fiche ou réexportez le modèle.",
    }
