# SPDX-License-Identifier: GPL-2.0-or-later
"""Worked examples of publications, to the digits that they print.

The printed digits come from tests and examples of independent implementations that quote the papers: the R
packages mapaccuracy 0.1.2 (H. Costa) and teamlucc (A. Zvoleff), accuracyAssessmentTools (R. Boothman),
geosample (J. Graesser) and statsmodels. Where these hold a printed figure for a slip, so does the test.
"""

from __future__ import annotations

import numpy as np
import pytest

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import Assessment
from inference_backend.quality.estimation.agreement import agreement
from inference_backend.quality.estimation.assess import assess
from tests.backend.quality.estimation.samples import pairs_of, plain, stratified

Z = 1.96
ENDLESS = 1000
"""The papers leave the finite population out: here strata are a thousand times larger, of the same shares."""


def _assess(stratum: object, given: object, found: object, sizes: dict[str, float]) -> Assessment:
    units, population = stratified(stratum, given, found, sizes)  # type: ignore[arg-type] # arrays are sequences
    return assess(units, population, ControlDesign(), "cs", 0, "count")


class TestOlofsson2014:
    """Tables 8 and 9 and page 54: 640 points in strata that are the four map classes."""

    @pytest.fixture
    def found(self) -> Assessment:
        table = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
        names = ["deforestation", "gain", "forest", "other"]
        given, found = pairs_of(table, names)
        pixels = dict(zip(names, (200_000, 150_000, 3_200_000, 6_450_000), strict=True))
        return _assess(given, given, found, {name: n * ENDLESS for name, n in pixels.items()})

    def test_overall(self, found: Assessment) -> None:
        assert round(found.overall.value, 2) == 0.95
        assert round(Z * found.overall.standard_error, 2) == 0.02

    @pytest.mark.parametrize(
        ("name", "users", "users_half", "producers"),
        [
            ("deforestation", 0.88, 0.07, 0.75),
            ("gain", 0.73, 0.10, 0.85),
            ("forest", 0.93, 0.04, 0.93),
            ("other", 0.96, 0.02, 0.96),
        ],
    )
    def test_by_class(
        self, found: Assessment, name: str, users: float, users_half: float, producers: float
    ) -> None:
        assert round(found.users[name].value, 2) == users
        assert round(Z * found.users[name].standard_error, 2) == users_half
        assert round(found.producers[name].value, 2) == producers

    @pytest.mark.parametrize(("name", "half"), [("deforestation", 0.21), ("forest", 0.03)])
    def test_producers_interval(self, found: Assessment, name: str, half: float) -> None:
        """The paper prints 0.23 and 0.01 for the other two; its own equation 7 gives 0.25 and 0.02."""
        assert round(Z * found.producers[name].standard_error, 2) == half

    def test_equation_7(self, found: Assessment) -> None:
        """Written out as printed; stratum by stratum it is another path than the linear form of a ratio."""
        table = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
        pixels, drawn = np.array([200_000, 150_000, 3_200_000, 6_450_000]), table.sum(axis=1)
        share = table / drawn[:, None]
        users = np.diag(share)
        for j, name in enumerate(("deforestation", "gain", "forest", "other")):
            whole = float(pixels @ share[:, j])
            producers = pixels[j] * users[j] / whole
            own = pixels[j] ** 2 * (1 - producers) ** 2 * users[j] * (1 - users[j]) / (drawn[j] - 1)
            others = pixels**2 * share[:, j] * (1 - share[:, j]) / (drawn - 1)
            variance = (own + producers**2 * (others.sum() - others[j])) / whole**2
            assert found.producers[name].standard_error == pytest.approx(np.sqrt(variance), rel=1e-3)

    @pytest.mark.parametrize(
        ("name", "hectares", "half"),
        [
            ("deforestation", 21_158, 6_158),
            ("gain", 11_686, 3_756),
            ("forest", 285_770, 15_510),
            ("other", 581_386, 16_282),
        ],
    )
    def test_areas(self, found: Assessment, name: str, hectares: int, half: int) -> None:
        scale = 0.09 / ENDLESS
        assert round(found.areas[name].value * scale) == hectares
        assert Z * found.areas[name].standard_error * scale == pytest.approx(half, abs=0.6)

    def test_matrix(self, found: Assessment) -> None:
        printed = [
            [0.0176, 0, 0.0013, 0.0011],
            [0, 0.0110, 0.0016, 0.0024],
            [0.0019, 0, 0.2967, 0.0213],
            [0.0040, 0.0020, 0.0179, 0.6212],
        ]
        order = [found.classes.index(name) for name in ("deforestation", "gain", "forest", "other")]
        matrix = np.array(found.matrix)[np.ix_(order, order)]
        # 0.021333… is printed as 0.0213 and 0.017861… as 0.0179: all cells are rounded the usual way.
        assert np.array_equal(np.round(matrix, 4), printed)


class TestStehman2014:
    """Table 2 and pages 4932-4936: 40 points in four strata that are not the map classes."""

    @pytest.fixture
    def found(self) -> Assessment:
        strata = list("A" * 10 + "B" * 10 + "C" * 10 + "D" * 10)
        given = list("A" * 7 + "BBB" + "A" + "B" * 11 + "C" * 6 + "BB" + "D" * 10)
        control = list("AAAAACBABC" + "A" + "B" * 5 + "AABB" + "C" * 5 + "DDBBA" + "D" * 7 + "CCB")
        pixels = {"A": 40_000, "B": 30_000, "C": 20_000, "D": 10_000}
        return _assess(strata, given, control, {name: n * ENDLESS for name, n in pixels.items()})

    def test_shares_of_classes(self, found: Assessment) -> None:
        whole = 100_000 * ENDLESS
        assert [round(found.areas[c].value / whole, 3) for c in "AC"] == [0.35, 0.2]
        assert [round(found.areas[c].standard_error / whole, 3) for c in "AC"] == [0.082, 0.064]

    def test_accuracies(self, found: Assessment) -> None:
        assert round(found.overall.value, 3) == 0.63
        assert round(found.overall.standard_error, 3) == 0.085
        assert round(found.users["B"].value, 3) == 0.574
        assert round(found.users["B"].standard_error, 3) == 0.125
        assert round(found.producers["B"].value, 3) == 0.794
        assert round(found.matrix[1][2], 3) == 0.08

    def test_producers_error(self, found: Assessment) -> None:
        """The paper prints 0.114, from 0 where its own table 3 has 0.1 (stratum D); with 0.1 it is 0.117."""
        assert found.producers["B"].standard_error == pytest.approx(0.1165, abs=5e-4)

    def test_says_whose_formulas(self, found: Assessment) -> None:
        assert "Stehman (2014)" in found.source


class TestOlofsson2013:
    """Example 1 and table 4: 500 points in strata that are the three map classes."""

    @pytest.fixture
    def found(self) -> Assessment:
        given, control = pairs_of([[97, 0, 3], [3, 279, 18], [2, 1, 97]], "123")
        hectares = {"1": 22_353, "2": 1_122_543, "3": 610_228}
        return _assess(given, given, control, {name: n * ENDLESS for name, n in hectares.items()})

    def test_accuracies(self, found: Assessment) -> None:
        assert round(found.overall.value, 2) == 0.94
        assert [round(found.users[c].value, 2) for c in "123"] == [0.97, 0.93, 0.97]
        assert [round(found.producers[c].value, 2) for c in "12"] == [0.48, 0.99]

    def test_error_of_area(self, found: Assessment) -> None:
        """As geosample has it without rounding, in hectares; the paper rounds shares before it multiplies."""
        half = [1.959964 * found.areas[c].standard_error / ENDLESS for c in "123"]
        assert half == pytest.approx([21_072.37, 34_597.37, 36_525.61], rel=1e-5)


class TestCongaltonAndGreen:
    """The matrix that Assessing the Accuracy of Remotely Sensed Data begins with: 434 units at random."""

    TABLE = [[65, 4, 22, 24], [6, 81, 5, 8], [0, 11, 85, 19], [4, 7, 3, 90]]
    NAMES = ["D", "C", "AG", "SB"]

    def test_accuracies_without_strata(self) -> None:
        given, control = pairs_of(self.TABLE, self.NAMES)
        units, population = plain(given, control, size=10_000_000)
        found = assess(units, population, ControlDesign(), "cs", 0, "count")
        assert round(found.overall.value, 2) == 0.74
        assert [round(found.users[c].value, 2) for c in self.NAMES] == [0.57, 0.81, 0.74, 0.87]
        assert [round(found.producers[c].value, 2) for c in self.NAMES] == [0.87, 0.79, 0.74, 0.64]

    def test_kappa(self) -> None:
        found = agreement(*pairs_of(self.TABLE, self.NAMES), "cs")
        assert found.kappa == pytest.approx(0.65, abs=0.005)


def test_kappa_with_interval_as_sas_prints_it() -> None:
    """The PROC FREQ listing that statsmodels keeps beside its own test: kappa and 95 % limits."""
    found = agreement(*pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]], "abc"), "cs")
    assert [round(v, 4) for v in (found.kappa, found.kappa_low, found.kappa_high)] == [0.4842, 0.2137, 0.7547]


def test_a_stratified_mean_as_samplics_gives_it() -> None:
    """The same sample through TaylorEstimator of samplics 0.6, with its finite population correction."""
    rng = np.random.default_rng(42)
    strata = np.repeat(["s", "t", "u"], [50, 40, 30])
    rng.lognormal(7.5, 1, len(strata))
    control = np.where(rng.random(len(strata)) < 0.85, "a", "b")
    found = _assess(strata, np.full(len(strata), "a"), control, {"s": 5000, "t": 2000, "u": 700}).overall
    assert (found.value, found.standard_error) == pytest.approx((0.854978354978355, 0.0347671325545496))
