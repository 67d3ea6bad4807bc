# SPDX-License-Identifier: GPL-2.0-or-later
"""What may be wrong with a prediction or class raster.

PredictionError
├── UnreadablePrediction   missing, truncated or damaged
├── WrongBands             neither the four bands of a prediction nor the one of a class raster
├── NoClassTable           nothing says what the indices mean
├── BadClassTable          a class table that cannot be read
├── UnknownIndices         pixels whose index is not in the table
├── UnknownClass           a class that the profile maps to no cover
├── NoGeoreference         no coordinate system, or no place and pixel size
├── UnknownCrs             a coordinate system, given by the caller, that nobody knows
├── WrongCrs               in degrees, or in another unit than the metre
├── WrongPixels            rotated, not square
└── NothingInside          no pixel of the image
    └── NothingInArea      none of them in the area of interest
"""

from __future__ import annotations

from inference_backend.errors import PredictionError


class UnreadablePrediction(PredictionError):  # noqa: N818 - the parent's name says that it is an error
    """Missing, truncated or damaged: `path`, `reason`."""

    templates = {
        "en": "{path}: cannot be read: {reason}. The file is missing, truncated or damaged: make it again.",
        "fr": "{path} : lecture impossible : {reason}. Le fichier est absent, tronqué ou endommagé : "
        "refaites-le.",
    }


class WrongBands(PredictionError):  # noqa: N818 - see above
    """Other bands than expected: `path`, `found`."""

    templates = {
        "en": "{path}: {found}. Expected a prediction (4 uint8 bands: class, confidence, runner-up, "
        "margin) or a class raster (1 uint8 band). Make it with: ocsge predict",
        "fr": "{path} : {found}. Il faut une prédiction (4 bandes uint8 : classe, confiance, seconde classe, "
        "marge) ou un raster de classes (1 bande uint8). Produisez-le avec : ocsge predict",
    }


class NoClassTable(PredictionError):  # noqa: N818 - see above
    """Nothing says what the indices mean: `path`, `tag`, `known`."""

    templates = {
        "en": "{path}: nothing says what its indices mean (no metadata {tag}). Add --class-table with one of "
        "{known}, or a JSON file.",
        "fr": "{path} : rien ne dit ce que signifient ses indices (pas de métadonnée {tag}). Ajoutez "
        "--class-table avec l'une de {known}, ou un fichier JSON.",
    }


class BadClassTable(PredictionError):  # noqa: N818 - see above
    """A class table that cannot be used: `path`, `reason`, `known`."""

    templates = {
        "en": "{path}: not a class table: {reason}. Use one of {known}, or a JSON list of objects with index "
        "(0-253) and name.",
        "fr": "{path} : pas une table de classes : {reason}. Utilisez l'une de {known}, ou une liste JSON "
        "d'objets avec index (0-253) et name.",
    }


class UnknownIndices(PredictionError):  # noqa: N818 - see above
    """Pixels whose index is not in the table: `path`, `indices`, `share`, `table`."""

    templates = {
        "en": "{path}: indices {indices} are not in the class table {table} ({share:.2%} of the pixels). It "
        "is probably the wrong table (FLAIR-1 has two: values 1-19, or 0-18 after argmax): choose with "
        "--class-table.",
        "fr": "{path} : les indices {indices} ne sont pas dans la table de classes {table} ({share:.2%} des "
        "pixels). C'est sans doute la mauvaise table (FLAIR-1 en a deux : 1 à 19, ou 0 à 18 après "
        "argmax) : choisissez avec --class-table.",
    }


class UnknownClass(PredictionError):  # noqa: N818 - see above
    """A class without place in the profile: `path`, `name`, `profile`."""

    templates = {
        "en": "{path}: the class {name!r} is unknown to the profile {profile}. Add it to class_to_cover "
        "there, or give it a code_cs in the class table.",
        "fr": "{path} : la classe {name!r} est inconnue du profil {profile}. Ajoutez-la à class_to_cover, ou "
        "donnez-lui un code_cs dans la table de classes.",
    }


class NoGeoreference(PredictionError):  # noqa: N818 - see above
    """No coordinate system or no place: `path`, `option`."""

    templates = {
        "en": "{path}: has no {what_en} (found: none). Add {option}.",
        "fr": "{path} : n'a pas de {what_fr} (trouvé : rien). Ajoutez {option}.",
    }


class UnknownCrs(PredictionError):  # noqa: N818 - see above
    """A coordinate system, given by the caller, that nobody knows: `path`, `crs`."""

    templates = {
        "en": "{path}: the coordinate system {crs!r} given for it is unknown. Write for instance "
        "--crs EPSG:2154.",
        "fr": "{path} : le système de coordonnées {crs!r} donné pour lui est inconnu. Écrivez par exemple "
        "--crs EPSG:2154.",
    }


class WrongCrs(PredictionError):  # noqa: N818 - see above
    """A coordinate system in which areas cannot be measured: `path`, `crs`, `unit`."""

    templates = {
        "en": "{path}: the coordinate system {crs} is in {unit}; areas in m2 need a projected one in metres. "
        "Reproject with nearest neighbour: gdalwarp -t_srs EPSG:2154 -r near {path} out.tif",
        "fr": "{path} : le système de coordonnées {crs} est en {unit} ; des surfaces en m² demandent un "
        "système projeté en mètres. Reprojetez au plus proche voisin : gdalwarp -t_srs EPSG:2154 -r near "
        "{path} sortie.tif",
    }


class WrongPixels(PredictionError):  # noqa: N818 - see above
    """Rotated or not square: `path`, `transform`."""

    templates = {
        "en": "{path}: its pixels are not square and north-up (transform {transform}). Resample with nearest "
        "neighbour: gdalwarp -tr 0.2 0.2 -r near {path} out.tif",
        "fr": "{path} : ses pixels ne sont pas carrés et orientés au nord (transformation {transform}). "
        "Rééchantillonnez au plus proche voisin : gdalwarp -tr 0.2 0.2 -r near {path} sortie.tif",
    }


class NothingInside(PredictionError):  # noqa: N818 - see above
    """No pixel to work on: `path`."""

    templates = {
        "en": "{path}: every pixel is outside the image (255). There is nothing to process: check the input "
        "of the prediction.",
        "fr": "{path} : tous les pixels sont hors de l'image (255). Il n'y a rien à traiter : vérifiez "
        "l'entrée de la prédiction.",
    }


class NothingInArea(NothingInside):
    """No pixel of the image in the area of interest: `path`, `area`."""

    templates = {
        "en": "{area}: none of its pixels is part of the image in {path}. Choose an area on the image.",
        "fr": "{area} : aucun de ses pixels ne fait partie de l'image de {path}. Choisissez une zone sur "
        "l'image.",
    }
