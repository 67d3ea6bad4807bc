# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the backend.

    OcsgeError (contracts)
    └── BackendError
        ├── Cancelled              the user stopped the work
        ├── InputError             a file or value that cannot be used
        │   ├── OutputIsInputError one that the result would replace
        │   ├── RasterError        of a raster
        │   ├── ModelError         of a model
        │   ├── PredictionError    of a prediction raster
        │   ├── VectorError        of a vector layer
        │   └── ConfigError        of a configuration file
        └── OutputError            a result that cannot be written

A cause that occurs in several places is a subclass beside the code that raises it, under one of these.
"""

from __future__ import annotations

from inference_backend.contracts.errors import OcsgeError


class BackendError(OcsgeError):
    """Root of the backend's errors."""


class Cancelled(BackendError):  # noqa: N818 - a wish of the user, not a fault
    """The user stopped the work."""

    templates = {"en": "Cancelled; nothing was written.", "fr": "Annulé ; rien n'a été écrit."}


class InputError(BackendError):
    """A file or value that cannot be used: `path`, `problem_en`, `problem_fr`, `remedy_en`, `remedy_fr`."""

    templates = {"en": "{path}: {problem_en}. {remedy_en}", "fr": "{path} : {problem_fr}. {remedy_fr}"}


class RasterError(InputError):
    """A raster that cannot be used."""


class ModelError(InputError):
    """A model that cannot be used."""


class PredictionError(InputError):
    """A prediction raster that cannot be used."""


class VectorError(InputError):
    """A vector layer that cannot be used."""


class ConfigError(InputError):
    """A configuration file that cannot be used."""


class OutputIsInputError(InputError):
    """The result would replace a file that it is made from: `path`."""

    templates = {
        "en": "{path}: is both input and output. Choose another output.",
        "fr": "{path} : est à la fois en entrée et en sortie. Choisissez une autre sortie.",
    }


class OutputError(BackendError):
    """A result that cannot be written."""

    templates = {
        "en": "{path}: could not be written: {reason}. Free space or choose another folder; "
        "no unfinished file was left.",
        "fr": "{path} : écriture impossible : {reason}. Libérez de la place ou choisissez un autre dossier ; "
        "aucun fichier inachevé n'a été laissé.",
    }


def gdal_reason(error: BaseException) -> str:
    """GDAL's words without the whole SQL statement, and without pyogrio's advice for programmers."""
    text = str(error).split("; It might help")[0].strip() or type(error).__name__
    head, failed, cause = text.rpartition(") failed: ")
    return cause if failed and "sqlite3_" in head else text
