# SPDX-License-Identifier: GPL-2.0-or-later
"""How two controllers agree on the units that both answered, each without the other."""

from __future__ import annotations

from inference_backend.contracts.control_report import Agreement
from inference_backend.quality.estimation.types import CODES


def agreement(first: CODES, second: CODES, dimension: str, level: int = 0) -> Agreement:
    """Share of equal answers and Cohen's kappa.

    Args:
        first: (n,) codes of one controller; `UNSAID` where it could not be said: such units are left out.
        second: (n,) codes of the other, for the same units.
        dimension: `cs` or `us`.
        level: components that are kept of a code; 0 for all.
    """
    raise NotImplementedError
