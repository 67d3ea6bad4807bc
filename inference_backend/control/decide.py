# SPDX-License-Identifier: GPL-2.0-or-later
"""Decides of a lot: conformity first, then what the sample says, then who signs it."""

from __future__ import annotations

from pathlib import Path

from inference_backend.contracts.control_report import ControlReport
from inference_backend.control.decide_options import DecideOptions, Rule
from inference_backend.postgis.address import LotAddress
from inference_backend.progress import Progress, Silent


def decide_control(
    lot: str | Path | LotAddress,
    rule: Rule,
    signed_by: str,
    *,
    options: DecideOptions | None = None,
    control_id: str | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> ControlReport:
    """What a control found and what is decided of it.

    Args:
        lot: a GeoPackage, or the address of a lot in PostGIS; it must be in control.
        rule: of the contract, or ISO 2859-1.
        signed_by: who takes the decision; empty to look at it without writing anything. An undecided lot is
            not signed.
        options: choices.
        control_id: which control; the latest by default.
        progress: told the share that is done; asked whether to stop before anything is written.

    Returns:
        The report. When signed, the lot is accepted or rejected, the decision stands in its table `control`,
        and a rejected lot has items to redo; its polygons are as they were.

    Raises:
        ControlError: no control, or one that was decided.
        LotChangedError: the lot was changed after the draw.
        RuleError, PlanError: the rule cannot be applied to this sample.
        LotStateError: the lot is not in control.
        LotFileError, ConfigError, OutputError: it cannot be read or written.
    """
    raise NotImplementedError
