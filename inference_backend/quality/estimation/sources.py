# SPDX-License-Identifier: GPL-2.0-or-later
"""Name of the estimator that a design calls for, and the publications that its formulas are from."""

from __future__ import annotations

from inference_backend.contracts.control import ControlDesign, Draw, Unit

OLOFSSON = "Olofsson, Foody, Herold, Stehman, Woodcock & Wulder (2014), Remote Sens. Environ. 148:42-57"
STEHMAN = "Stehman (2014), International Journal of Remote Sensing 35:4923-4939"
COCHRAN = "Cochran (1977), Sampling Techniques, 3rd ed."
SARNDAL = "Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling"
DEVILLE = "Hájek (1964), Ann. Math. Stat. 35:1491-1523; Deville (1999), Survey Methodology 25:193-203"
HURWITZ = "Hansen & Hurwitz (1943), Ann. Math. Stat. 14:333-362"
WOLTER = "Wolter (2007), Introduction to Variance Estimation, 2nd ed., 8.2"
WILSON = "Korn & Graubard (1998), Survey Methodology 24:193-201"


def estimator_name(design: ControlDesign, strata: int, post_stratified: bool) -> str:
    """Stable key: how units were drawn, and what they are weighed by.

    `random`, `systematic`, `area` or `points`, then `_stratified` or `_post_stratified` where it is so.
    """
    drawn = "points" if design.unit is Unit.POINT else design.draw.value
    return drawn + ("_post_stratified" if post_stratified else "_stratified" if strata > 1 else "")


def source_of(design: ControlDesign, strata: int, post_stratified: bool, strata_are_classes: bool) -> str:
    """The publications, in one line."""
    found = [OLOFSSON if post_stratified or (strata > 1 and strata_are_classes) else ""]
    if strata > 1 and not strata_are_classes:
        found.append(STEHMAN)
    if strata == 1 and not post_stratified:
        found.append(COCHRAN)
    if design.unit is Unit.POINT:
        found.append(HURWITZ)
    elif design.draw is Draw.AREA:
        found.append(DEVILLE)
    if design.draw is Draw.SYSTEMATIC:
        found.append(WOLTER)
    return "; ".join([text for text in found if text] + [SARNDAL, WILSON])
