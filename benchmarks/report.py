# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures as a table to read: on a terminal, or in a page of docs/.

    python -m benchmarks.report build/bench.json [PAGE.md]

With a page, replaces what stands between its two marks by the figures of that page.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.figures import FIGURES, Figure, Figures, Value
from benchmarks.part import read
from inference_backend.atomic import replace_when_done
from inference_backend.cli.console import table

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
_VERDICT = {True: "kept", False: "MISSED", None: ""}


def as_table(figures: Figures) -> str:
    """Two columns for a terminal: what has a meaning first, then the rest."""
    known = {figure.key for figure in FIGURES}
    rows = [(f.key, _cell(f, figures)) for f in FIGURES if f.key in figures]
    rows += [(key, _text(value)) for key, value in figures.items() if key not in known]
    return table(rows)


def _cell(figure: Figure, figures: Figures) -> str:
    parts = (_text(figures[figure.key]), figure.bound, _verdict(figure, figures))
    return "  ".join(part for part in parts if part)


def _verdict(figure: Figure, figures: Figures) -> str:
    return _VERDICT[figure.is_kept(figures[figure.key], str(figures.get("processor_units")))]


def _text(value: Value) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def as_markdown(figures: Figures, page: str | None = None) -> str:
    """The machine in a sentence, one row per figure, then why a figure is missing.

    With the name of a page, only the figures of that page.
    """
    chosen = [figure for figure in FIGURES if page in (None, figure.page)]
    lines = [
        f"{figures.get('processor')}, {figures.get('processors')} processors "
        f"({figures.get('processor_units')}), {figures.get('memory_gb')} GB, {figures.get('system')}, "
        f"commit {figures.get('commit')}, {figures.get('measured_utc')}.",
        "",
        "| Key | What | Figure | Asked |",
        "|---|---|---|---|",
    ]
    for figure in chosen:
        if figure.key in figures:
            value = figures[figure.key]
            asked = " ".join(x for x in (figure.bound, _verdict(figure, figures)) if x)
            lines.append(f"| `{figure.key}` | {figure.says} | {_text(value)} | {asked} |")
    reasons = [key for key in figures if key.endswith(("_why", "_failed")) and page in (None, _page_of(key))]
    if reasons:
        lines += ["", *(f"- `{key}`: {figures[key]}" for key in reasons)]
    return "\n".join(lines)


def _page_of(key: str) -> str:
    """Page of the part or figure that a reason speaks of."""
    about = key.removesuffix("_failed").removesuffix("_why")
    return next((f.page for f in FIGURES if about in (f.key, f.part)), FIGURES[0].page)


def fill(page: str, text: str) -> str:
    """`page` with `text` between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def main() -> int:
    figures = read(Path(sys.argv[1]))
    if len(sys.argv) < 3:
        print(as_markdown(figures))
        return 0
    page = Path(sys.argv[2])
    filled = fill(page.read_text(encoding="utf-8"), as_markdown(figures, page.name))
    with replace_when_done(page) as temporary:
        temporary.write_text(filled, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
