# SPDX-License-Identifier: GPL-2.0-or-later
"""What the entry makes of levels, missing answers, odd strata and samples that cannot be used."""

from __future__ import annotations

import dataclasses
from itertools import combinations, product

import numpy as np
import pytest

from inference_backend.contracts.control import ControlDesign, Draw, StrataBy, Stratum, Unit
from inference_backend.quality.estimation.assess import assess, assess_all
from inference_backend.quality.estimation.errors import EstimationError
from inference_backend.quality.estimation.types import UNSAID, Mapped, Population, Units
from tests.backend.quality.estimation.samples import plain, stratified

LEAVES = ("CS1.1.1.1", "CS1.1.1.2", "CS1.2.2", "CS2.1.1.1", "CS2.2.1")
PLAIN = ControlDesign(strata_by=StrataBy.NONE)


def _with_leaves(population: Population) -> Population:
    return dataclasses.replace(population, covers=LEAVES)


class TestExact:
    """Every possible sample of a small population, counted: no chance is left in the test."""

    GIVEN = (list("aaaa"), list("bbbbb"))
    TRUE = (list("aaab"), list("bbaab"))

    def _samples(self) -> list[tuple[Units, Population]]:
        draws = product(combinations(range(4), 2), combinations(range(5), 3))
        found = []
        for first, second in draws:
            strata = ["one"] * 2 + ["two"] * 3
            given = [self.GIVEN[0][i] for i in first] + [self.GIVEN[1][i] for i in second]
            true = [self.TRUE[0][i] for i in first] + [self.TRUE[1][i] for i in second]
            found.append(stratified(strata, given, true, {"one": 4, "two": 5}))
        return found

    def test_estimate_and_variance_are_unbiased(self) -> None:
        found = [assess(u, p, ControlDesign(), "cs", 0, "count").overall for u, p in self._samples()]
        values = np.array([e.value for e in found])
        assert values.mean() == pytest.approx(6 / 9)
        assert np.mean([e.standard_error**2 for e in found]) == pytest.approx(values.var())

    def test_matrix_is_unbiased(self) -> None:
        found = [assess(u, p, ControlDesign(), "cs", 0, "count").matrix for u, p in self._samples()]
        assert np.mean(found, axis=0) == pytest.approx(np.array([[3, 1], [2, 3]]) / 9)


class TestLevels:
    def test_a_code_is_cut(self) -> None:
        given, found = ["CS1.1.1.1", "CS1.2.2", "CS2.2.1"], ["CS1.1.1.2", "CS2.1.1.1", "CS2.1.1.1"]
        units, population = plain(given, found, size=3)
        shares = {
            level: assess(units, _with_leaves(population), PLAIN, "cs", level, "count") for level in range(5)
        }
        assert [round(shares[level].overall.value, 3) for level in range(5)] == [0, 0.667, 0.333, 0.333, 0]
        assert shares[1].classes == ("CS1", "CS2")
        assert shares[3].classes == ("CS1.1.1", "CS1.2.2", "CS2.1.1", "CS2.2.1")

    def test_a_regional_code_counts_as_its_leaf(self) -> None:
        units, population = plain(["CS2.2.1"], ["CS2.2.1.3"], size=1)
        assert assess(units, _with_leaves(population), PLAIN, "cs", 0, "count").overall.value == 1

    def test_a_coarse_answer_tells_its_own_level_alone(self) -> None:
        given = ["CS1.1.1.1", "CS1.1.1.1", "CS2.2.1"]
        units, population = plain(given, ["CS1.1", "CS2", "CS2.2.1"], size=30)
        leaf = assess(units, _with_leaves(population), PLAIN, "cs", 0, "count")
        assert (leaf.unsaid, leaf.overall.units, leaf.overall.value) == (2, 1, 1.0)
        # CS1.1 may yet be right, CS2 cannot.
        assert (leaf.overall_if_wrong, leaf.overall_if_right) == pytest.approx((1 / 3, 2 / 3))
        second = assess(units, _with_leaves(population), PLAIN, "cs", 1, "count")
        assert (second.unsaid, second.overall.value) == (0, pytest.approx(2 / 3))

    def test_joint_is_right_where_both_are(self) -> None:
        units, population = plain(["a", "a", "b"], ["a", "b", UNSAID], size=3)
        units = dataclasses.replace(units, control_us=np.array(["US1.1", "US1.1", "US2"]))
        found = assess(units, population, PLAIN, "joint", 0, "count")
        assert found.overall.value == 0.5
        assert (found.unsaid, found.overall_if_right) == (1, pytest.approx(1 / 3))
        assert found.classes == ("a US1.1", "b US1.1")

    def test_everything_at_once(self) -> None:
        units, population = plain(list("aab"), list("abb"), size=9)
        found = list(assess_all(units, population, PLAIN, levels=(0, 1)))
        assert [(a.dimension, a.level, a.by) for a in found] == list(
            product(("cs", "us", "joint"), (0, 1), ("count", "area"))
        )


class TestMeasures:
    def test_by_area_a_large_polygon_weighs_more(self) -> None:
        units, population = plain(list("aab"), list("abb"), size=3, area_m2=[100, 300, 600])
        by_area = assess(units, population, PLAIN, "cs", 0, "area")
        assert by_area.overall.value == pytest.approx(0.7)
        assert by_area.areas["b"].value == pytest.approx(900)
        assert by_area.mapped == pytest.approx({"a": 400, "b": 600})
        assert by_area.users["a"].value == pytest.approx(0.25)
        assert by_area.producers["b"].value == pytest.approx(600 / 900)
        assert by_area.f1["b"] == pytest.approx(0.8)

    def test_a_census_leaves_nothing_to_chance(self) -> None:
        units, population = plain(list("aab"), list("abb"), size=3, area_m2=[100, 300, 600])
        found = assess(units, population, PLAIN, "cs", 0, "area").overall
        assert (found.standard_error, found.low, found.high) == (0, found.value, found.value)

    def test_points_by_count_undo_the_chance_that_large_polygons_have(self) -> None:
        design = dataclasses.replace(PLAIN, unit=Unit.POINT)
        units, population = plain(list("aab"), list("abb"), size=3, area_m2=[100, 300, 600])
        units = dataclasses.replace(units, probability=3 * units.area_m2 / 1000)
        by_count = assess(units, population, design, "cs", 0, "count").overall
        assert by_count.value == pytest.approx((1 / 100 + 1 / 600) / (1 / 100 + 1 / 300 + 1 / 600))
        assert assess(units, population, design, "cs", 0, "area").overall.value == pytest.approx(2 / 3)

    def test_known_totals_make_rows_of_the_matrix_what_is_mapped(self) -> None:
        given = ["a"] * 40 + ["b"] * 30
        found = ["a"] * 36 + ["b"] * 34
        mapped = Mapped(
            np.array(["a", "b"]), np.array(["u", "u"]), np.array([500, 500]), np.array([5e4, 5e4])
        )
        units, population = plain(given, found, size=1000, area_m2=[100] * 70, mapped=mapped)
        result = assess(units, population, PLAIN, "cs", 0, "count")
        assert np.sum(result.matrix, axis=1) == pytest.approx([0.5, 0.5])
        assert result.overall.value == pytest.approx(0.5 * 0.9 + 0.5)
        assert result.estimator == "random_post_stratified"

    def test_small_post_strata_are_joined_and_said(self) -> None:
        mapped = Mapped(
            np.array(["a", "b", "c"]), np.array(["u"] * 3), np.array([900, 60, 40]), np.array([9e4, 6e3, 4e3])
        )
        units, population = plain(
            ["a"] * 60 + ["b"] * 4, ["a"] * 64, size=1000, area_m2=[100] * 64, mapped=mapped
        )
        result = assess(units, population, PLAIN, "cs", 0, "count")
        assert "post_strata_joined" in result.notes
        assert (result.covered, result.mapped["c"]) == (1, 40)
        assert result.users["c"].value is None

    def test_joined_post_strata_leave_nothing_of_the_lot_out(self) -> None:
        """Areas are no round numbers: sums of theirs must not read as a stratum without an answer."""
        names = [f"c{number:02}" for number in range(40)]
        for seed in range(20):
            area = np.random.default_rng(seed).uniform(1e3, 1e7, 40)
            mapped = Mapped(np.array(names), np.full(40, "u"), np.full(40, 50), area)
            given = [name for name in names[15:] for _ in range(20)] + names[:15]
            units, population = plain(given, given, size=2000, mapped=mapped)
            population = Population((Stratum("all", 2000, float(area.sum()), 515),), mapped)
            result = assess(units, population, PLAIN, "cs", 0, "area")
            assert (result.covered, "strata_without_answer" in result.notes) == (1, False)


class TestOddSamples:
    def test_one_class(self) -> None:
        units, population = plain(["a"] * 50, ["a"] * 50, size=5000)
        found = assess(units, population, PLAIN, "cs", 0, "count")
        assert found.overall.value == 1
        assert found.overall.low == pytest.approx(0.925, abs=0.002)
        assert found.areas["a"].low == pytest.approx(5000 * found.overall.low)
        assert found.areas["a"].high == 5000

    def test_nothing_said(self) -> None:
        units, population = plain(["a"] * 5, [UNSAID] * 5, size=50)
        found = assess(units, population, PLAIN, "cs", 0, "count")
        assert (found.overall.value, found.overall.low, found.overall.units) == (None, None, 0)
        assert (found.unsaid, found.covered) == (5, 0)
        assert (found.overall_if_wrong, found.overall_if_right) == (0, 1)

    def test_no_unit_at_all(self) -> None:
        units, population = plain([], [], size=50, area_m2=[])
        found = assess(units, population, PLAIN, "cs", 0, "count")
        assert (found.overall.value, found.overall_if_right, found.classes) == (None, None, ())

    def test_one_unit_tells_a_share_without_error(self) -> None:
        units, population = plain(["a"], ["a"], size=50)
        found = assess(units, population, PLAIN, "cs", 0, "count").overall
        assert (found.value, found.standard_error, found.low) == (1, None, None)

    def test_a_stratum_without_answer_is_left_out_and_said(self) -> None:
        units, population = stratified(["s"] * 4 + ["t"] * 2, "aaaabb", "aabb??", {"s": 40, "t": 60, "u": 20})
        units = dataclasses.replace(units, control_cs=np.array(["a", "a", "b", "b", UNSAID, UNSAID]))
        found = assess(units, population, ControlDesign(), "cs", 0, "count")
        assert (found.overall.value, found.covered) == (0.5, pytest.approx(1 / 3))
        assert found.notes == ("strata_without_answer",)
        assert sum(e.value for e in found.areas.values()) == pytest.approx(40)

    def test_strata_of_one_unit_are_joined_for_the_error(self) -> None:
        units, population = stratified(["s", "t", "u", "u"], "aaaa", "abab", {"s": 10, "t": 10, "u": 20})
        found = assess(units, population, ControlDesign(), "cs", 0, "count")
        assert found.overall.value == 0.5
        # u: 0.5² × 0.9 × 0.5 / 2; s and t as one stratum: 2 × 0.9 × (0.125² + 0.125²).
        assert found.overall.standard_error == pytest.approx(np.sqrt(0.05625 + 0.05625))
        assert "single_unit_strata_collapsed" in found.notes

    def test_strata_taken_whole_add_no_error(self) -> None:
        strata = ["s"] * 4 + ["t"] * 50
        units, population = stratified(strata, "a" * 54, "ab" * 27, {"s": 4, "t": 5000})
        alone = stratified(["t"] * 50, "a" * 50, "ab" * 25, {"t": 5000})
        whole = assess(units, population, ControlDesign(), "cs", 0, "count").overall
        part = assess(*alone, PLAIN, "cs", 0, "count").overall
        assert whole.standard_error == pytest.approx(part.standard_error * 5000 / 5004)

    def test_unsaid_units_of_a_whole_stratum_leave_chance(self) -> None:
        units, population = plain(["a"] * 4, ["a", "b", "a", UNSAID], size=4)
        found = assess(units, population, PLAIN, "cs", 0, "count").overall
        assert found.standard_error == pytest.approx(np.sqrt((1 - 3 / 4) * (1 / 3) / 3))

    def test_a_systematic_sample_without_order_is_said_to_be_treated_as_random(self) -> None:
        design = dataclasses.replace(PLAIN, draw=Draw.SYSTEMATIC)
        units, population = plain(list("aabb" * 5), list("abab" * 5), size=200)
        unordered = assess(units, population, design, "cs", 0, "count")
        random = assess(units, population, PLAIN, "cs", 0, "count")
        assert unordered.overall.standard_error == random.overall.standard_error
        assert unordered.notes == ("systematic_as_random",)

    def test_order_shows_errors_that_stand_together(self) -> None:
        design = dataclasses.replace(PLAIN, draw=Draw.SYSTEMATIC)
        units, population = plain(["a"] * 40, ["a"] * 20 + ["b"] * 20, size=4000)
        together = dataclasses.replace(units, rank=np.arange(40))
        mixed = dataclasses.replace(units, rank=np.arange(40) % 20 * 2 + np.arange(40) // 20)
        errors = [
            assess(sample, population, design, "cs", 0, "count").overall.standard_error
            for sample in (together, units, mixed)
        ]
        assert errors[0] < errors[1] < errors[2]


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"area_m2": np.array([1.0, 0.0])}, "area 0.0"),
            ({"probability": np.array([0.1, np.nan])}, "probability nan"),
            ({"stratum": np.array(["all", "lost"])}, "“lost”"),
            ({"map_us": np.array(["u"])}, "1, 2 rows"),
        ],
    )
    def test_a_sample_that_contradicts_itself(self, change: dict[str, np.ndarray], words: str) -> None:
        units, population = plain(["a", "b"], ["a", "b"], size=20)
        with pytest.raises(EstimationError, match=words):
            assess(dataclasses.replace(units, **change), population, PLAIN, "cs", 0, "count")

    def test_totals_of_another_lot(self) -> None:
        mapped = Mapped(np.array(["a"]), np.array(["u"]), np.array([25]), np.array([20.0]))
        units, population = plain(["a", "b"], ["a", "b"], size=20, mapped=mapped)
        with pytest.raises(EstimationError, match="25 polygons"):
            assess(units, population, PLAIN, "cs", 0, "count")
