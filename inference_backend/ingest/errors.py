# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of an import: what is asked for or read cannot be used, or areas do not add up.

VectorError, ConfigError
├── of the file and its columns: MissingFileError, NoLayerError, NoCoverError, NoColumnError, NoDateError,
│   NothingLeftError, NoMillesimeError
├── of its coordinates: CrsChoiceError, BadCrsError, OutOfCrsError
└── of what the caller says: BadDefaultError, BadMappingError
BackendError
└── UnbalancedError     a fault of ours
"""

from __future__ import annotations

from inference_backend.errors import BackendError, ConfigError, VectorError


class NoCoverError(VectorError):
    """No column holds a cover, or not the one that was named: `path`, `layer`, `wanted`, `columns`."""

    templates = {
        "en": "{path}: layer {layer} has no cover column ({wanted}); its columns are: {columns}. Name the "
        "column with --cs-column, translate its values with --mapping, or give one code to every polygon "
        "with --default-cs.",
        "fr": "{path} : la couche {layer} n'a pas de colonne de couverture ({wanted}) ; ses colonnes : "
        "{columns}. Nommez la colonne avec --cs-column, traduisez ses valeurs avec --mapping, ou donnez un "
        "même code à tous les polygones avec --default-cs.",
    }


class NoColumnError(VectorError):
    """A column that was named is not there: `path`, `layer`, `column`, `columns`."""

    templates = {
        "en": "{path}: layer {layer} has no column “{column}”; its columns are: {columns}. Correct the name.",
        "fr": "{path} : la couche {layer} n'a pas de colonne « {column} » ; ses colonnes : {columns}. "
        "Corrigez le nom.",
    }


class NoDateError(VectorError):
    """A change layer lacks the date asked for: `path`, `date`, `dates`."""

    templates = {
        "en": "{path}: nothing of the date “{date}”; the layer tells of: {dates}. Choose one with --date, or "
        "leave it out.",
        "fr": "{path} : rien à la date « {date} » ; la couche renseigne : {dates}. Choisissez avec --date, "
        "ou ne le donnez pas.",
    }


class NoLayerError(VectorError):
    """Nothing tells which layer to read: `path`, `wanted`, `layers`."""

    templates = {
        "en": "{path}: cannot tell which layer to read (asked for: {wanted}; in the file: {layers}). Name it "
        "with --layer.",
        "fr": "{path} : impossible de savoir quelle couche lire (demandée : {wanted} ; dans le fichier : "
        "{layers}). Nommez-la avec --layer.",
    }


class MissingFileError(VectorError):
    """No such file: `path`."""

    templates = {
        "en": "{path}: no such file. Correct the path.",
        "fr": "{path} : fichier introuvable. Corrigez le chemin.",
    }


class CrsChoiceError(VectorError):
    """Nothing says in which metric coordinate system to work: `path`, `crs`."""

    templates = {
        "en": "{path}: its coordinate system ({crs}) has no areas in m², and its extent lies in no territory "
        "of the profile. Say in which system to work: --crs EPSG:2154.",
        "fr": "{path} : son système de coordonnées ({crs}) ne donne pas de surfaces en m², et son emprise "
        "n'est dans aucun territoire du profil. Indiquez le système de travail : --crs EPSG:2154.",
    }


class BadCrsError(VectorError):
    """A value of --crs that cannot be used: `path` holds it, `reason_en`, `reason_fr`."""

    templates = {
        "en": "{path}: not a projected coordinate system in metres ({reason_en}). Give one such as "
        "EPSG:2154.",
        "fr": "{path} : pas un système de coordonnées projeté en mètres ({reason_fr}). Donnez-en un, par "
        "exemple EPSG:2154.",
    }


class OutOfCrsError(VectorError):
    """Coordinates that the working system cannot hold: `path`, `crs`, `rows`."""

    templates = {
        "en": "{path}: {rows} polygons lie where {crs} gives no coordinates. Choose a system of that place "
        "with --crs, or correct the layer's own.",
        "fr": "{path} : {rows} polygones sont là où {crs} ne donne pas de coordonnées. Choisissez avec --crs "
        "un système de cet endroit, ou corrigez celui de la couche.",
    }


class NothingLeftError(VectorError):
    """No polygon to import: `path`, `rows`."""

    templates = {
        "en": "{path}: no polygon to import (rows: {rows}). Check that the layer was written whole, or name "
        "another with --layer.",
        "fr": "{path} : aucun polygone à importer (lignes : {rows}). Vérifiez que la couche est entière, ou "
        "nommez-en une autre avec --layer.",
    }


class NoMillesimeError(VectorError):
    """Nothing says of which year the layer is: `path`."""

    templates = {
        "en": "{path}: neither a column nor the file's name says the year of the image. Give it: "
        "--millesime 2022.",
        "fr": "{path} : ni une colonne ni le nom du fichier ne disent l'année de l'image. Indiquez-la : "
        "--millesime 2022.",
    }


class BadDefaultError(ConfigError):
    """A default code that no polygon may carry: `path` holds it, `leaves`."""

    templates = {
        "en": "{path}: no code that a polygon may carry. Choose among: {leaves}.",
        "fr": "{path} : ce code ne peut pas être porté par un polygone. Choisissez parmi : {leaves}.",
    }


class SameOutputError(ConfigError):
    """Two results under one name: `path`."""

    templates = {
        "en": "{path}: lot and reports must be different files. Choose another name for one of them.",
        "fr": "{path} : le lot et les bilans doivent être des fichiers différents. Choisissez un autre nom "
        "pour l'un d'eux.",
    }


class BadMappingError(ConfigError):
    """A mapping file that cannot be used: `path`, `reason_en`, `reason_fr`."""

    templates = {
        "en": "{path}: cannot be used as a mapping: {reason_en}. See “Mapping file” in docs/import.md.",
        "fr": "{path} : inutilisable comme correspondance : {reason_fr}. Voir « Fichier de correspondance » "
        "dans docs/import.md.",
    }


class UnbalancedError(BackendError):
    """Areas do not add up, a fault of ours: `row`, `residual_m2`, `tolerance_m2`."""

    templates = {
        "en": "The areas of {row} do not add up: {residual_m2:.6f} m² are unaccounted for (tolerance "
        "{tolerance_m2:.6f}). This is a fault of the program; nothing was written. Report it with the layer.",
        "fr": "Les surfaces de {row} ne s'équilibrent pas : {residual_m2:.6f} m² sans explication (tolérance "
        "{tolerance_m2:.6f}). C'est une faute du programme ; rien n'a été écrit. Signalez-la avec la couche.",
    }
