# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of the review as tables in docs/review.md: speed, team, gestures, safety.

    python -m benchmarks.review_page build docs/review.md

Reads `ui.json`, `db.json`, `review.json`, `kill_review.json`, `kill_db.json` and `fuzz_review.json`; replaces
what stands between the marks of each language. A figure that is missing is said to be, one that misses its
aim is marked, and the size of what was measured is written beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.annotator_page import LANGUAGES, Figures, fill, number, read
from inference_backend.atomic import replace_when_done

Words = dict[str, str]
Read = Callable[[str], Figures]
MISSING = {"fr": "non mesuré", "en": "not measured"}
MISSED = {"fr": "(manqué)", "en": "(missed)"}
STORES = ("", "_postgis")
"""Suffixes of the keys: a lot in a GeoPackage, a lot in PostGIS."""


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        key: of the figure.
        aim: the largest value that keeps the promise, None without a promise.
        names: by language.
    """

    key: str
    aim: float | None
    names: Words


def row(key: str, aim: float | None, french: str, english: str) -> Row:
    """A line with its names."""
    return Row(key, aim, {"fr": french, "en": english})


SPEED = (
    row("next_item", 100, "Élément suivant (ms)", "Next item (ms)"),
    row("code_change", 50, "Changement de code (ms)", "Change of code (ms)"),
    row("merge", 150, "Fusion (ms)", "Merge (ms)"),
    row("split", 150, "Découpe (ms)", "Split (ms)"),
    row("reshape", 150, "Nouveau tracé (ms)", "Reshape (ms)"),
    row("undo", None, "Annulation (ms)", "Undo (ms)"),
)
OPENING = row("lot_open_s", 3, "Ouverture, premier élément à l'écran (s)", "Opening, first item shown (s)")
MEMORY = (
    row(
        "decisions_memory_growth_mb",
        None,
        "Mémoire, dernier quart de {} décisions moins le premier (Mo)",
        "Memory, last quarter of {} decisions less the first (MB)",
    ),
    row(
        "decisions_memory_growth_late_mb",
        None,
        "… de la seconde moitié (Mo)",
        "… of the second half (MB)",
    ),
    row(
        "decisions_heap_growth_mb",
        None,
        "… demandée par le programme et non rendue (Mo)",
        "… asked for by the program and not given back (MB)",
    ),
    row("decisions_objects_growth", None, "… objets de Python (nombre)", "… objects of Python (number)"),
    row("decisions_memory_mb", None, "Mémoire à la fin (Mo)", "Memory at the end (MB)"),
)
TEAM = (
    row("db_items_twice", 0, "Éléments donnés à deux personnes", "Items given to two people"),
    row("db_items_lost", 0, "Éléments ou gestes perdus", "Items or gestures lost"),
    row("db_next_item_ms_p99", 200, "Élément suivant, 99e centile (ms)", "Next item, 99th percentile (ms)"),
    row("db_next_item_ms_p50", None, "Élément suivant, médiane (ms)", "Next item, median (ms)"),
    row("db_gesture_ms_p99", None, "Geste confirmé, 99e centile (ms)", "Gesture confirmed, 99th perc. (ms)"),
    row("db_gestures_confirmed", None, "Gestes confirmés", "Gestures confirmed"),
)
GESTURES = (
    row("gestures_when_right", 1, "Gestes, proposition juste", "Gestures, proposal right"),
    row("gestures_median", 2, "Gestes par élément, médiane", "Gestures per item, median"),
    row("gestures_mean", None, "Gestes par élément, moyenne", "Gestures per item, mean"),
    row("klm_s_per_item", None, "Secondes par élément (KLM)", "Seconds per item (keystroke-level model)"),
    row("klm_vs_plain_qgis", 0.25, "÷ QGIS tel qu'il ouvre un lot", "÷ QGIS as it opens a lot"),
    row("klm_vs_prepared_qgis", None, "÷ QGIS préparé au mieux", "÷ QGIS prepared as well as can be"),
    row("cs_accuracy_before", None, "Exactitude de la couverture, avant", "Accuracy of the cover, before"),
    row(
        "cs_accuracy_after_10pct",
        None,
        "… après un dixième de la file",
        "… after a tenth of the queue",
    ),
    row("cs_accuracy_after_all", None, "… à la fin de la file", "… at the end of the queue"),
)
DECISIONS = 10_000
"""Of which the memory is asked for."""
FAILURES = ("lot_failed", "lot_postgis_failed", "memory_failed", "memory_postgis_failed")
"""Keys that say why a part has no figures."""
SAFETY: tuple[tuple[str, Words, Words, tuple[str, ...]], ...] = (
    (
        "kill_review.json",
        {"fr": "QGIS tué :", "en": "QGIS killed:"},
        {
            "fr": "{} arrêts, dont {} au milieu d'un geste, pendant {} gestes confirmés ; arrêts après "
            "lesquels quelque chose manquait : **{}** ; gestes confirmés perdus : **{}**.",
            "en": "{} kills, {} of them within a gesture, during {} confirmed gestures; kills after which "
            "something was missing: **{}**; confirmed gestures lost: **{}**.",
        },
        (
            "kills",
            "killed_within_a_gesture",
            "confirmed_gestures",
            "kills_after_which_something_was_lost",
            "confirmed_gestures_lost",
        ),
    ),
    (
        "kill_db.json",
        {
            "fr": "Serveur, connexions ou interprètes tués :",
            "en": "Server, connections or interpreters killed:",
        },
        {
            "fr": "{} arrêts, pendant {} gestes confirmés ; éléments donnés deux fois : **{}** ; éléments ou "
            "gestes perdus : **{}**.",
            "en": "{} kills, during {} confirmed gestures; items given twice: **{}**; items or gestures "
            "lost: **{}**.",
        },
        ("kills", "db_gestures_confirmed", "db_items_twice", "db_items_lost"),
    ),
    (
        "fuzz_review.json",
        {"fr": "Gestes tirés au sort :", "en": "Random gestures:"},
        {
            "fr": "{} suites, {} gestes faits, {} refusés ; partitions rompues : **{}**.",
            "en": "{} sequences, {} gestures made, {} refused; coverages broken: **{}**.",
        },
        ("sequences", "gestures_made", "gestures_refused", "broken_coverages"),
    ),
)
"""File, name, sentence and its keys, of what was killed or tried at random."""
COLUMNS = {
    "fr": "GeoPackage : médiane | 95e centile | PostGIS : médiane | 95e centile | But (95e centile)",
    "en": "GeoPackage: median | 95th percentile | PostGIS: median | 95th percentile | Aim (95th perc.)",
}
TWO = {"fr": "| | Mesuré | But |", "en": "| | Measured | Aim |"}


def cell(figures: Figures, key: str, aim: float | None, language: str) -> str:
    """A figure, marked where it misses its aim; words where it is missing."""
    value = figures.get(key)
    if not isinstance(value, int | float):
        return MISSING[language]
    text = number(value, language)
    return text if aim is None or value <= aim else f"**{text}** {MISSED[language]}"


def whole(value: object, language: str) -> str:
    """A number with its thousands apart; words where it is missing."""
    if not isinstance(value, int | float):
        return MISSING[language]
    text = f"{value:,.0f}"
    return text.replace(",", "\u202f") if language == "fr" else text


def aim_text(aim: float | None, language: str) -> str:
    """A bound for people."""
    if aim is None:
        return "–"
    return "0" if aim == 0 else f"≤ {number(aim, language)}"


def speed(read_file: Read, language: str) -> list[str]:
    """Opening, gestures and memory, in a file and in a database."""
    figures = read_file("ui.json")
    said = {"fr": "Polygones du lot : {}.", "en": "Polygons of the lot: {}."}[language]
    lines = [said.format(whole(figures.get("lot_polygons"), language)), ""]
    lines += [f"| | {COLUMNS[language]} |", "|---|---|---|---|---|---|"]
    lines.append(_once(OPENING.names[language], figures, OPENING, language))
    for line in SPEED:
        cells = [line.names[language]]
        for store in STORES:
            cells.append(cell(figures, f"{line.key}_ms_median{store}", None, language))
            cells.append(cell(figures, f"{line.key}_ms_p95{store}", line.aim, language))
        lines.append(f"| {' | '.join([*cells, aim_text(line.aim, language)])} |")
    decisions = whole(figures.get("decisions_made", DECISIONS), language)
    lines += [_once(line.names[language].format(decisions), figures, line, language) for line in MEMORY]
    why = [f"- `{key}`: {figures[key]}" for key in FAILURES if key in figures]
    return [*lines, "", *why] if why else lines


def _once(name: str, figures: Figures, line: Row, language: str) -> str:
    """A line with one measure per store."""
    cells = [name]
    for store in STORES:
        cells += [cell(figures, f"{line.key}{store}", line.aim, language), ""]
    return f"| {' | '.join([*cells, aim_text(line.aim, language)])} |"


def _two_columns(figures: Figures, lines: tuple[Row, ...], language: str) -> list[str]:
    shown = [TWO[language], "|---|---|---|"]
    for line in lines:
        value = cell(figures, line.key, line.aim, language)
        shown.append(f"| {line.names[language]} | {value} | {aim_text(line.aim, language)} |")
    return shown


def team(read_file: Read, language: str) -> list[str]:
    """What many people at once found in one lot."""
    figures = read_file("db.json")
    said = {
        "fr": "Personnes : {} ; secondes : {} ; polygones : {}.",
        "en": "People: {}; seconds: {}; polygons: {}.",
    }[language]
    sizes = [whole(figures.get(key), language) for key in ("db_people", "db_seconds", "db_polygons")]
    return [said.format(*sizes), "", *_two_columns(figures, TEAM, language)]


def gestures(read_file: Read, language: str) -> list[str]:
    """Gestures and seconds of the simulated interpreter."""
    figures = read_file("review.json")
    said = {
        "fr": "Communes : {} ; éléments : {} ; part où la proposition est juste : {}.",
        "en": "Communes: {}; items: {}; share where the proposal is right: {}.",
    }[language]
    sizes = [whole(figures.get(key), language) for key in ("review_communes", "review_items")]
    right = cell(figures, "items_right_share", None, language)
    return [said.format(*sizes, right), "", *_two_columns(figures, GESTURES, language)]


def safety(read_file: Read, language: str) -> list[str]:
    """What kills and chance left, one line for each kind."""
    lines = []
    for file, names, texts, keys in SAFETY:
        figures = read_file(file)
        kills = figures.get("kills")
        if isinstance(kills, dict):  # by what was killed
            figures = figures | {"kills": sum(kills.values())}
        shown = [whole(figures.get(key), language) for key in keys]
        said = texts[language].format(*shown) if figures else f"{MISSING[language]}."
        lines.append(f"- {names[language]} {said}")
    return lines


PARTS: dict[str, Callable[[Read, str], list[str]]] = {
    "speed": speed,
    "team": team,
    "gestures": gestures,
    "safety": safety,
}


def main(build: Path, page: Path) -> int:
    """Renew the page."""
    text = page.read_text(encoding="utf-8")
    for name, table in PARTS.items():
        for language in LANGUAGES:
            text = fill(text, f"{name} {language}", table(lambda file: read(build / file), language))
    with replace_when_done(page) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
