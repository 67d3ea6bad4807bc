# SPDX-License-Identifier: GPL-2.0-or-later
"""All figures of a production, reckoned once, for the tiles, curves and tables that show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from inference_backend.contracts.profile import Profile
from inference_backend.indicators.acceptance_curve import acceptance_curve, accepted_km2
from inference_backend.indicators.collect import Collected, FoundLot
from inference_backend.indicators.combined_accuracy import AREA, Combined, accuracy_of_accepted
from inference_backend.indicators.costs import Cost, cost_of
from inference_backend.indicators.errors import Trouble
from inference_backend.indicators.production import Departement, Production
from inference_backend.indicators.standing import CountedLot, Standing
from inference_backend.indicators.tallies import (
    RemarkTally,
    ReworkRate,
    remarks_of,
    rework_rate,
    tally,
)
from inference_backend.indicators.timesheet import Hours

_RECENT = timedelta(days=90)
_MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class DepartementFigures:
    """Figures of one département.

    Attributes:
        departement: which.
        lots: those that count.
        unread: those that could not be read.
        accepted_km2: surface accepted.
        cs: accuracy of cover by area, in the accepted lots.
        us: accuracy of use by area.
        cost: so far.
        rework: of the interpreted lots.
        remarks: its signalements.
    """

    departement: Departement
    lots: tuple[CountedLot, ...]
    unread: tuple[FoundLot, ...]
    accepted_km2: float
    cs: Combined
    us: Combined
    cost: Cost
    rework: ReworkRate
    remarks: RemarkTally


@dataclass(frozen=True)
class Figures:
    """Figures of a production.

    Attributes:
        production: what its file says.
        as_of: day of the figures.
        collected: lots found.
        standing: those that count.
        departements: in the order of the file.
        curve: accepted surface by day, km2.
        hours: of the timesheet.
    """

    production: Production
    as_of: date
    collected: Collected
    standing: Standing
    departements: tuple[DepartementFigures, ...]
    curve: tuple[tuple[date, float], ...]
    hours: Hours

    @property
    def lots(self) -> tuple[CountedLot, ...]:
        """Lots that count."""
        return self.standing.counted

    @property
    def accepted_km2(self) -> float:
        """Surface accepted now."""
        return accepted_km2(self.lots)

    @property
    def unread(self) -> list[FoundLot]:
        """Lots that could not be read, files that are no lots left out where only a pattern named them."""
        return [lot for lot in self.collected.lots if is_unread(lot)]

    @property
    def km2_per_month(self) -> float | None:
        """Surface accepted a month, over the last 90 days; None where the curve is shorter."""
        start = self.as_of - _RECENT
        if not self.curve or self.curve[0][0] > start:
            return None
        before = [value for day, value in self.curve if day <= start]
        return (self.curve[-1][1] - before[-1]) / _RECENT.days * _MONTH_DAYS

    @property
    def needed_km2_per_month(self) -> float | None:
        """Surface to accept a month to end as planned; None without a plan, or after its end."""
        plan = self.production.plan
        if not plan or plan[-1][0] <= self.as_of:
            return None
        months = (plan[-1][0] - self.as_of).days / _MONTH_DAYS
        return max(plan[-1][1] - self.accepted_km2, 0.0) / months


def is_unread(lot: FoundLot) -> bool:
    """Whether a lot is missing from the figures: a file that a pattern found by chance is none."""
    if lot.error is None or lot.is_stale:
        return False
    return lot.is_named or lot.error.trouble is not Trouble.NO_LOT


def reckon(
    production: Production,
    collected: Collected,
    standing: Standing,
    hours: Hours,
    profile: Profile,
    as_of: date,
) -> Figures:
    """Reckon everything.

    Args:
        production: plan, prices, départements.
        collected: lots found.
        standing: those that count.
        hours: of the timesheet.
        profile: thresholds.
        as_of: day of the figures.
    """
    shares = (
        profile.number("indicators", "complete_share"),
        profile.number("indicators", "provisional_share"),
    )
    lots: dict[str, list[CountedLot]] = defaultdict(list)
    unread: dict[str, list[FoundLot]] = defaultdict(list)
    for counted in standing.counted:
        lots[counted.departement].append(counted)
    for found in collected.lots:
        if is_unread(found):
            unread[found.departement].append(found)
    departements = tuple(
        _departement(production, each, tuple(lots[each.code]), tuple(unread[each.code]), hours, shares)
        for each in production.departements
    )
    curve = acceptance_curve(standing.counted, as_of)
    return Figures(production, as_of, collected, standing, departements, curve, hours)


def _departement(
    production: Production,
    departement: Departement,
    lots: tuple[CountedLot, ...],
    unread: tuple[FoundLot, ...],
    hours: Hours,
    shares: tuple[float, float],
) -> DepartementFigures:
    km2 = accepted_km2(lots)
    names = [lot.label for lot in unread]
    return DepartementFigures(
        departement,
        lots,
        unread,
        km2,
        accuracy_of_accepted(lots, "cs", AREA),
        accuracy_of_accepted(lots, "us", AREA),
        cost_of(production, departement, lots, names, hours, km2, shares),
        rework_rate(lots),
        tally(remarks_of(lots)),
    )
