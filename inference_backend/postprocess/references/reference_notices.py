# SPDX-License-Identifier: GPL-2.0-or-later
"""What the reader of a result must know about a reference layer that was used all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.references.gates import is_of_another_date
from inference_backend.postprocess.references.reference_layers import Notice, ReferenceLayer


def damage(file: Path, layer: str, repaired: int, unusable: int) -> Iterator[Notice]:
    """Shapes that had to be repaired, and those that could not be used."""
    if repaired:
        yield Notice(
            file, layer, f"{repaired} invalid shapes repaired", f"{repaired} géométries invalides réparées"
        )
    if unusable:
        yield Notice(
            file,
            layer,
            f"{unusable} shapes left out: coordinates that are no numbers or have no place in the lot's CRS",
            f"{unusable} géométries écartées : coordonnées non numériques ou hors du domaine du SCR du lot",
        )


def other_year(
    file: Path, layer: str, objects: ReferenceLayer, profile: Profile, millesime: str
) -> Iterator[Notice]:
    """A source too many years from the image."""
    far = is_of_another_date(objects, profile, millesime)
    if far.any():
        years = ", ".join(sorted(set(objects.text("source_year")[far].astype(str).tolist())))
        count = int(np.count_nonzero(far))
        yield Notice(
            file,
            layer,
            f"{count} objects of {years} for an image of {millesime}; imposed only where it shows them",
            f"{count} objets de {years} pour une image de {millesime} ; imposés seulement s'ils s'y voient",
        )
