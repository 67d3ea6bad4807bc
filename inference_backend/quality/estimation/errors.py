# SPDX-License-Identifier: GPL-2.0-or-later
"""A sample that cannot be estimated from."""

from __future__ import annotations

from inference_backend.errors import BackendError


class EstimationError(BackendError):
    """A sample that contradicts itself or its population: `problem_en`, `problem_fr`, with the values."""

    templates = {
        "en": "The sample cannot be used: {problem_en}. Draw it again, or give the lot it was drawn from.",
        "fr": "L'échantillon est inutilisable : {problem_fr}. Tirez-le à nouveau, ou donnez le lot dont il "
        "a été tiré.",
    }
