# SPDX-License-Identifier: GPL-2.0-or-later
"""A production: its départements with their lots, its plan, its prices."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class HoursFrom(StrEnum):
    """Where the hours of a role come from."""

    JOURNALS = "journals"
    TIMESHEET = "timesheet"


INTERPRETER, CONTROLLER = "interpreter", "controller"
JOURNALLED_ROLES = (INTERPRETER, CONTROLLER)
"""Roles whose time is in the lots: in their journal, in the answers of their controls."""


@dataclass(frozen=True)
class Departement:
    """A part of the territory.

    Attributes:
        code: INSEE code.
        name: its name.
        area_km2: reference surface.
        lots: files, patterns, or `postgis:ADDRESS`.
    """

    code: str
    name: str
    area_km2: float
    lots: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """A kind of work.

    Attributes:
        name: as the timesheet says it.
        eur_h: price of an hour, euros.
        hours: where they come from.
    """

    name: str
    eur_h: float
    hours: HoursFrom


@dataclass(frozen=True)
class FixedCost:
    """What is paid once: of one département, or of all in proportion to their reference surfaces."""

    label: str
    eur: float
    departement: str | None


@dataclass(frozen=True)
class Outlines:
    """A layer of département outlines."""

    file: Path
    layer: str | None
    code_column: str


@dataclass(frozen=True)
class Production:
    """What a production file says.

    Attributes:
        path: the file.
        name: of the production.
        departements: in the file's order.
        plan: (day, cumulated km2 to be accepted), oldest first.
        roles: kinds of work that are paid by the hour; empty: costs are not known.
        fixed_costs: what is paid once.
        timesheet: CSV of hours, or None.
        longest_gesture_s: a longer gesture hides a pause and counts for this.
        reference_lines_eur_km2: costs to compare with.
        subcontractors: by the name a lot is assigned to, who stands behind it.
        outlines: of the départements, or None.
        targets: accuracy aimed at, by dimension.
    """

    path: Path
    name: str
    departements: tuple[Departement, ...]
    plan: tuple[tuple[date, float], ...]
    roles: tuple[Role, ...]
    fixed_costs: tuple[FixedCost, ...]
    timesheet: Path | None
    longest_gesture_s: float
    reference_lines_eur_km2: tuple[float, ...]
    subcontractors: dict[str, str]
    outlines: Outlines | None
    targets: dict[str, float]

    @property
    def area_km2(self) -> float:
        """Reference surface of all départements."""
        return sum(departement.area_km2 for departement in self.departements)

    def planned_km2(self, day: date) -> float | None:
        """Surface to be accepted by a day; None without a plan, or before it begins."""
        days = [point[0] for point in self.plan]
        place = bisect_right(days, day)
        if not place:
            return None
        if place == len(days):
            return self.plan[-1][1]
        (first, low), (last, high) = self.plan[place - 1], self.plan[place]
        return low + (high - low) * (day - first).days / (last - first).days
