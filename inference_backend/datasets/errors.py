# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of data sets.

InputError
├── CampaignError          a campaign that cannot be read or changed
├── UnknownClassError      a class without counterpart on the other side
└── DatasetError           a data set that cannot be read or written
"""

from __future__ import annotations

from collections.abc import Iterable

from inference_backend.errors import InputError

SHOWN = 8
"""Classes named in a message; what is beyond is counted."""


class CampaignError(InputError):
    """A campaign that cannot be used."""


class DatasetError(InputError):
    """A data set that cannot be used."""


class UnknownClassError(DatasetError):
    """Classes that the other side does not have.

    Args:
        path: where they occur.
        names: the classes.
        known: those that the other side has.
    """

    templates = {
        "en": "{path}: no counterpart for: {unknown}. Known: {known}. Say what they are with --mapping.",
        "fr": "{path} : pas d'équivalent pour : {unknown}. Connues : {known}. Dites ce qu'elles sont avec "
        "--mapping.",
    }

    def __init__(
        self, *, path: object, unknown: Iterable[object] | str, known: Iterable[object] | str
    ) -> None:
        super().__init__(path=path, unknown=_listed(unknown), known=_listed(known))


def _listed(names: Iterable[object] | str) -> str:
    if isinstance(names, str):
        return names
    texts = [str(name) for name in names]
    more = f", … (+{len(texts) - SHOWN})" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more
