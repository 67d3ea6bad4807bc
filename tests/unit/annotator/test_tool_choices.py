# SPDX-License-Identifier: GPL-2.0-or-later
"""What is set on the tools, and which classes were used."""

from ocsge_annotator.domain.class_use import ClassUse
from ocsge_annotator.domain.tool_choices import MAX_WIDTH_M, MIN_WIDTH_M, next_tolerance, next_width


def test_the_wheel_stays_within_the_limits():
    assert next_width(5.0, 2) == 6.0
    assert next_width(MIN_WIDTH_M, -3) == MIN_WIDTH_M
    assert next_width(MAX_WIDTH_M, 1) == MAX_WIDTH_M
    assert [next_tolerance(10, steps) for steps in (-20, 2.4, 400)] == [0, 12, 255]


def test_the_last_class_used_comes_first_and_the_commonest_leads_the_frequent():
    use = ClassUse()
    for values in ({3}, {5}, {5}, {3}, {5}, {7}):
        use.count(values)
    assert use.recent() == (7, 5, 3)
    assert use.frequent() == (5, 3, 7)
