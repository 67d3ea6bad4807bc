# SPDX-License-Identifier: GPL-2.0-or-later
"""What whoever decides of a lot may choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inference_backend.contracts.control_report import Verdict
from inference_backend.postgis.address import LotAddress
from inference_backend.quality.acceptance.plans import Severity


class Rule(StrEnum):
    """By what a lot is decided."""

    CONTRACT = "contract"
    """Least shares that must be right, decided on intervals."""
    ISO2859 = "iso2859"
    """So many wrong units among so many, more or less strict by the supplier's history."""


class Redo(StrEnum):
    """Which items of a rejected lot have to be decided again."""

    ERRORS = "errors"
    """The units that the control found wrong."""
    CLASSES = "classes"
    """These, and every polygon of the classes that failed."""


@dataclass(frozen=True)
class DecideOptions:
    """Choices; what is None or empty is as the profile says.

    Attributes:
        by: measure of a contract, `count` or `area`.
        level: level of the nomenclature that codes are compared at; 0: the leaves.
        overall: least share that is right by dimension, 0..1.
        each_class: least share of each class that is right by dimension, 0..1.
        decided_on: which end of the interval of an overall share counts (`contract.DecidedOn`).
        aql_percent: acceptance quality limit by dimension, percent of wrong units.
        inspection_level: of ISO 2859-1.
        severity: of ISO 2859-1, instead of what the history says.
        history: lots, addresses in PostGIS or folders of lots of earlier decisions.
        redo: which items a rejection sends back.
        verdict: what the signatory decides against the rules; needs a comment.
        comment: the signatory's words.
        language: `fr` or `en`, of what the interpreter reads at items to redo.
    """

    by: str | None = None
    level: int | None = None
    overall: dict[str, float] = field(default_factory=dict)
    each_class: dict[str, float] = field(default_factory=dict)
    decided_on: str | None = None
    aql_percent: dict[str, float] = field(default_factory=dict)
    inspection_level: str | None = None
    severity: Severity | None = None
    history: tuple[str | Path | LotAddress, ...] = ()
    redo: Redo = Redo.ERRORS
    verdict: Verdict | None = None
    comment: str = ""
    language: str = "fr"
