# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import io

import pytest

from inference_backend.cli.console import CLEAR_LINE, Bar, Lines, console_progress, table, time_left
from inference_backend.cli.language import use_language


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def _english():
    use_language("en")
    yield
    use_language("en")


def test_a_pipe_gets_one_line_per_step_and_one_now_and_then():
    stream, clock = io.StringIO(), Clock()
    lines = Lines("predict", stream, clock)
    for second in range(21):
        clock.now = float(second)
        lines.update(second / 40, f"window {second}/40")
    lines.update(0.6, "writing")
    assert stream.getvalue().splitlines() == [
        "predict   0 % window 0/40",
        "predict  25 % 0:30 left window 10/40",
        "predict  50 % 0:20 left window 20/40",
        "predict  60 % 0:13 left writing",
    ]


def test_a_terminal_gets_a_bar_that_goes_away():
    stream, clock = io.StringIO(), Clock()
    bar = Bar("predict", stream, clock)
    bar.update(0.0)
    clock.now = 30.0
    bar.update(0.5, "window 5/10")
    bar.update(0.51, "too soon to redraw")
    bar.update(1.0)
    drawn = stream.getvalue().split(CLEAR_LINE)
    assert drawn[2] == f"predict [{'#' * 12}{'.' * 12}]  50 % 0:30 left window 5/10"
    assert len(drawn) == 4
    assert drawn[-1] == ""


def test_time_left_speaks_french():
    use_language("fr")
    assert time_left(0.25, 60.0) == "reste 3:00"


def test_time_left_is_silent_while_it_cannot_know():
    assert time_left(0.0, 60.0) == ""
    assert time_left(1.0, 60.0) == ""


def test_the_stream_decides_the_form():
    assert isinstance(console_progress("x", io.StringIO()), Lines)


def test_a_table_aligns_its_values():
    assert table([("a", "1"), ("long", "2")]) == "a     1\nlong  2"
