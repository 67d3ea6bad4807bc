# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of `make bench-quality` as tables to read: on a terminal, or in docs/postprocess.md.

    python -m benchmarks.quality_page build/quality.json [PAGE.md]

With a page, replaces what stands between its two marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.part import read
from benchmarks.quality import HEADS
from benchmarks.quality_lots import STEPS
from inference_backend.atomic import replace_when_done

BEGIN, END = "<!-- quality -->", "<!-- /quality -->"
STEP_NAMES = {
    "model": "model alone, pixel by pixel",
    "thresholds": "regions and thresholds, no reference",
    "references": "and references",
    "final": "and uses from neighbours: the lot",
    "parcels": "the same with the tax files",
}
ORDERS = {"": "our queue", "_top1": "plain top-1 score", "_largest": "largest first", "_random": "at random"}


def as_markdown(figures: Figures) -> str:
    """Accuracy by step, errors in the head of the queue by order, calibration."""
    lines = [
        f"Communes {figures['seeds']}, commit {figures.get('commit')}, {figures.get('measured_utc')}.",
        "",
        "| Step | Cover right | Use right |",
        "|---|---|---|",
    ]
    for step in ("model", *STEPS):
        cells = [_percent(figures, f"{kind}_accuracy_{step}") for kind in ("cs", "us")]
        lines.append(f"| {STEP_NAMES[step]} | {cells[0]} | {cells[1]} |")
    heads = " | ".join(f"first {head} %" for head in HEADS)
    lines += ["", f"| Order of the polygons | {heads} |", "|---" * (len(HEADS) + 1) + "|"]
    for order, name in ORDERS.items():
        cells = [_percent(figures, f"queue_error_share_{head}pct{order}") for head in HEADS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    gain = _percent(figures, "cs_accuracy_gain").replace("%", "points")
    lines += [
        "",
        f"Gain in cover over the model alone: {gain}. Wrong in cover or use: "
        f"{_percent(figures, 'error_share')} of the area. Sent to review: "
        f"{_percent(figures, 'review_share_of_polygons')} of the polygons, "
        f"{_percent(figures, 'review_share_of_area')} of the area, with "
        f"{_percent(figures, 'queue_error_share_whole')} of the wrong area. Calibration error of the stated "
        f"chance: {_percent(figures, 'calibration_error')}; stated, found and share of the area by tenths: "
        f"{figures.get('calibration_stated_found_area')}.",
    ]
    return "\n".join(lines)


def _percent(figures: Figures, key: str) -> str:
    """`91.2 % (90.1–92.3)`; an interval where there is one."""
    value, low, high = (figures.get(key + end) for end in ("", "_low", "_high"))
    if not isinstance(value, float | int):
        return "–"
    between = ""
    if isinstance(low, float) and isinstance(high, float):
        between = f" ({100 * low:.1f}–{100 * high:.1f})"
    return f"{100 * value:.1f} %{between}"


def fill(page: str, text: str) -> str:
    """`page` with `text` between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def main() -> int:
    text = as_markdown(read(Path(sys.argv[1])))
    if len(sys.argv) < 3:
        print(text)
        return 0
    page = Path(sys.argv[2])
    filled = fill(page.read_text(encoding="utf-8"), text)
    with replace_when_done(page) as temporary:
        temporary.write_text(filled, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
