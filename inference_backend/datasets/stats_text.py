# SPDX-License-Identifier: GPL-2.0-or-later
"""Statistics for people: a table, a CSV, a JSON file and a plot."""

from __future__ import annotations

from pathlib import Path

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.datasets.layout import write_csv, write_json
from inference_backend.datasets.stats import SplitStats, Stats
from inference_backend.errors import OutputError

M2_PER_HA = 10_000.0
_WORDS = {
    "class": {"en": "class", "fr": "classe"},
    "patches": {"en": "patches", "fr": "dalles"},
    "labelled": {"en": "labelled", "fr": "étiqueté"},
    "minutes": {"en": "minutes per patch", "fr": "minutes par dalle"},
    "gestures": {"en": "gestures per patch", "fr": "gestes par dalle"},
    "share": {"en": "share of the labelled pixels, %", "fr": "part des pixels étiquetés, %"},
    "title": {"en": "Classes of {} per split", "fr": "Classes de {} par lot"},
}


def _word(name: str, language: str) -> str:
    return _WORDS[name]["fr" if language.startswith("fr") else "en"]


def stats_lines(stats: Stats, language: str) -> list[str]:
    """A table: one column per split, one row per class, then what it cost."""
    rows = [[_word("class", language), *(split.split for split in stats.splits)]]
    rows += [[entry.name, *(_cell(stats, s, entry.value) for s in stats.splits)] for entry in stats.classes]
    rows.append([_word("labelled", language), *(f"{100 * _labelled(s):.1f} %" for s in stats.splits)])
    rows.append([_word("patches", language), *(str(s.patches) for s in stats.splits)])
    rows.append(
        [_word("minutes", language), *(f"{s.duration_s / 60 / max(s.patches, 1):.1f}" for s in stats.splits)]
    )
    rows.append(
        [_word("gestures", language), *(f"{s.gestures / max(s.patches, 1):.0f}" for s in stats.splits)]
    )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _cell(stats: Stats, split: SplitStats, value: int) -> str:
    return f"{100 * stats.share(split, value):.1f} % ({_hectares(stats, split, value)} ha)"


def _hectares(stats: Stats, split: SplitStats, value: int) -> str:
    return f"{split.pixels[value] * stats.pixel_area_m2 / M2_PER_HA:.2f}"


def _labelled(split: SplitStats) -> float:
    total = int(split.pixels.sum())
    return 1.0 - float(split.pixels[UNLABELLED]) / total if total else 0.0


def write_stats(stats: Stats, folder: Path, language: str) -> None:
    """Write `stats.json`, `stats.csv` and `classes.png`.

    Raises:
        OutputError: the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "stats.json", stats.to_dict())
        header = ("split", "value", "class", "pixels", "share", "hectares", "patches")
        rows = [
            (
                split.split,
                entry.value,
                entry.name,
                int(split.pixels[entry.value]),
                f"{stats.share(split, entry.value):.6f}",
                _hectares(stats, split, entry.value),
                int(split.present[entry.value]),
            )
            for split in stats.splits
            for entry in stats.classes
        ]
        write_csv(folder / "stats.csv", [header, *rows])
        draw_classes(stats, folder / "classes.png", language)
    except OSError as error:
        raise OutputError(path=folder, reason=error) from error


def draw_classes(stats: Stats, path: Path, language: str) -> None:
    """A bar per class and split, in the class's colour; hatching tells the splits apart."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    hatches = ("", "///", "xxx", "...")
    height = 0.8 / max(len(stats.splits), 1)
    figure = Figure(
        figsize=(9, 1.2 + (0.12 + 0.18 * len(stats.splits)) * len(stats.classes)), layout="constrained"
    )
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for position, split in enumerate(stats.splits):
        offset = (position - (len(stats.splits) - 1) / 2) * height
        places = [row + offset for row in range(len(stats.classes))]
        shares = [100 * stats.share(split, entry.value) for entry in stats.classes]
        bars = axes.barh(
            places,
            shares,
            height,
            color=[entry.colour for entry in stats.classes],
            edgecolor="#444444",
            linewidth=0.5,
            hatch=hatches[position % len(hatches)],
        )
        axes.bar_label(bars, [f"{share:.1f}" if share else "" for share in shares], padding=3, fontsize=7)
    axes.set_yticks(range(len(stats.classes)), [entry.name for entry in stats.classes])
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.set_xlabel(_word("share", language))
    axes.set_title(_word("title", language).format(stats.name))
    axes.spines[["top", "right"]].set_visible(False)
    handles = [
        Patch(
            facecolor="white",
            edgecolor="#444444",
            hatch=hatches[position % len(hatches)],
            label=f"{split.split} ({split.patches})",
        )
        for position, split in enumerate(stats.splits)
    ]
    axes.legend(handles=handles, frameon=False)
    figure.savefig(path, dpi=120)
