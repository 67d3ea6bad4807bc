# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the annotator.

    OcsgeError (contracts)
    └── AnnotatorError
        ├── CampaignError          a campaign that cannot be read or made
        ├── ImageError             the campaign's image is missing, or does not fit its patches
        ├── LabelError             a label raster that does not fit its patch
        ├── JournalError           a journal that belongs to another patch
        ├── PredictionMismatchError  a prediction that cannot pre-label this campaign
        ├── StrataError            a layer that cannot stratify a sample
        ├── SourceError            a source that cannot be fetched or kept
        ├── LotError               a lot that cannot be cut or merged
        ├── PatchStateError        a step that the state of a patch does not allow
        ├── LayerError             a layer from which labels cannot be copied
        ├── ClassTableError        a class table that cannot be used
        ├── DatasetCommandError    a data set that the backend refused
        └── WriteError             a file that cannot be written

Each names the file, what is wrong and the remedy, in English and French.
"""

from __future__ import annotations

from inference_backend.contracts.errors import OcsgeError


class AnnotatorError(OcsgeError):
    """Root of the annotator's errors: `path`, `problem_en`, `problem_fr`, `remedy_en`, `remedy_fr`."""

    templates = {"en": "{path}: {problem_en}. {remedy_en}", "fr": "{path} : {problem_fr}. {remedy_fr}"}


class CampaignError(AnnotatorError):
    """A campaign that cannot be read or made."""


class ImageError(AnnotatorError):
    """The campaign's image is missing, or does not fit its patches."""


class LabelError(AnnotatorError):
    """A label raster that does not fit its patch."""


class JournalError(AnnotatorError):
    """A journal that belongs to another patch."""


class PredictionMismatchError(AnnotatorError):
    """A prediction that cannot pre-label this campaign."""


class StrataError(AnnotatorError):
    """A layer that cannot stratify a sample."""


class SourceError(AnnotatorError):
    """A source that cannot be fetched or kept."""


class LotError(AnnotatorError):
    """A lot that cannot be cut or merged."""


class LockLostError(AnnotatorError):
    """Somebody else took the patch in hand over: `path` of its labels, `holder`."""

    templates = {
        "en": "{path}: {holder} took this patch over; the last gesture was not kept, what was done before is "
        "there. Take another patch, or ask them to leave this one.",
        "fr": "{path} : {holder} a repris cette dalle ; le dernier geste n'a pas été gardé, ce qui précède "
        "est conservé. Prenez une autre dalle, ou demandez-lui de quitter celle-ci.",
    }


class PatchStateError(AnnotatorError):
    """A step that the state of a patch does not allow."""


class LayerError(AnnotatorError):
    """A layer from which labels cannot be copied."""


class ClassTableError(AnnotatorError):
    """A class table that cannot be used."""


class DatasetCommandError(AnnotatorError):
    """The backend's command refused a data set: `detail`, its own words in the user's language."""

    templates = {"en": "{detail}", "fr": "{detail}"}


class WriteError(AnnotatorError):
    """A file that cannot be written: `path`, `reason`."""

    templates = {
        "en": "{path}: could not be written: {reason}. Free space or choose a folder you may write to; "
        "what was there before is untouched.",
        "fr": "{path} : écriture impossible : {reason}. Libérez de la place ou choisissez un dossier "
        "accessible en écriture ; ce qui s'y trouvait n'a pas été modifié.",
    }
