# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of the annotator as tables in docs/annotator.md: speed, gestures, kills.

    python -m benchmarks.annotator_page build docs/annotator.md

Reads `ui.json`, `annotator.json` and `kill_annotate.json`; replaces what stands between the marks of each
language. A figure that was not measured is a dash.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from inference_backend.atomic import replace_when_done

Figures = dict[str, object]
SPEED = (
    ("brush_ms", 8, "Coup de pinceau, dalle de 1 024 px (ms)", "Brush to pixels, patch of 1,024 px (ms)"),
    ("undo_ms", 10, "Annulation (ms)", "Undo (ms)"),
    ("segment_hover_ms", 2, "Segment sous la souris (ms)", "Segment under the mouse (ms)"),
    ("learner_s", 0.5, "Proposition après un coup, 512 px (s)", "Proposal after a stroke, 512 px (s)"),
    ("patch_switch_ms", 150, "Dalle suivante, préparée (ms)", "Next patch, made ready (ms)"),
)
WAYS = (
    ("polygon", "polygones seuls", "polygons alone"),
    ("segments", "segments seuls", "segments alone"),
    ("prelabel", "prédiction seule", "prediction alone"),
    ("learner", "apprentissage", "learner"),
    ("all", "tout ensemble", "all together"),
    ("all_at_first", "tout ensemble, avant toute dalle finie", "all together, before any finished patch"),
)
GROUNDS = ("", "_odeon")
"""Suffixes of the keys: the made commune, real masks with an image drawn over their outlines."""
LANGUAGES = ("fr", "en")


def number(value: object, language: str) -> str:
    """A figure as people write it; a dash where there is none."""
    if not isinstance(value, int | float):
        return "–"
    text = f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return text.replace(".", ",") if language == "fr" else text


def speed(figures: Figures, language: str) -> list[str]:
    """Median, 99th percentile and aim of each gesture."""
    heads = {"fr": "Médiane | 99e centile | But", "en": "Median | 99th percentile | Aim"}
    lines = [f"| | {heads[language]} |", "|---|---|---|---|"]
    for key, aim, *names in SPEED:
        name = names[LANGUAGES.index(language)]
        cells = [number(value, language) for value in (figures.get(key), figures.get(f"{key}_p99"), aim)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def gestures(figures: Figures, language: str) -> list[str]:
    """Seconds per patch of each way to work, and their ratio to outlines, on both grounds."""
    heads = {
        "fr": "Façon de travailler | commune : s par dalle | ÷ polygones | masques réels : s par dalle | "
        "÷ polygones",
        "en": "Way to work | commune: s per patch | ÷ polygons | real masks: s per patch | ÷ polygons",
    }
    lines = [f"| {heads[language]} |", "|---|---|---|---|---|"]
    for key, *names in WAYS:
        cells = [names[LANGUAGES.index(language)]]
        for ground in GROUNDS:
            seconds, outlines = figures.get(f"klm_{key}_s{ground}"), figures.get(f"klm_polygon_s{ground}")
            both = isinstance(seconds, int | float) and isinstance(outlines, int | float)
            ratio = float(seconds) / float(outlines) if both else None
            cells += [number(seconds, language), number(ratio, language)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def kills(figures: Figures, language: str) -> list[str]:
    """What fifty kills left, in one sentence."""
    if not figures:
        return ["–"]
    shown = [
        figures[key]
        for key in (
            "kills",
            "killed_within_a_gesture",
            "gestures",
            "gestures_recovered_at_opening",
            "kills_whose_gesture_was_kept",
            "kills_after_which_more_was_missing",
        )
    ]
    texts = {
        "fr": "{} arrêts, dont {} au milieu d'un geste, pendant {} gestes : {} gestes rendus par le journal "
        "à la réouverture ; geste en cours gardé quand même : {} ; gestes achevés perdus : **{}**.",
        "en": "{} kills, {} of them within a gesture, during {} gestures: {} gestures given back by the "
        "journal at reopening; gesture in progress kept all the same: {}; finished gestures lost: **{}**.",
    }
    return [texts[language].format(*shown)]


PARTS = {
    "ui": ("ui.json", speed),
    "gestures": ("annotator.json", gestures),
    "kills": ("kill_annotate.json", kills),
}


def read(path: Path) -> Figures:
    """Figures of a file; none where it was not made."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def fill(page: str, mark: str, lines: list[str]) -> str:
    """`page` with lines between the two marks of a part.

    Raises:
        SystemExit: the page lacks the marks.
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"the page has no {begin} … {end}")
    return "\n".join([before + begin, *lines, end]) + after


def main(build: Path, page: Path) -> int:
    """Renew the page."""
    text = page.read_text(encoding="utf-8")
    for name, (file, table) in PARTS.items():
        for language in LANGUAGES:
            text = fill(text, f"{name} {language}", table(read(build / file), language))
    with replace_when_done(page) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
