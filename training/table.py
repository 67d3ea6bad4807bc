# SPDX-License-Identifier: GPL-2.0-or-later
"""Renews the figures in docs/model.md from the embedded model's card: `python -m training.table`."""

from __future__ import annotations

from pathlib import Path

from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.reader import default_model_path, read_model

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "model.md"
START, END = "<!-- figures -->", "<!-- end of figures -->"


def figures(card: ModelCard) -> str:
    """Markdown of a card's held-out scores."""
    scores = card.scores
    lines = [
        f"Version {card.version}. {card.description}",
        "",
        f"Overall accuracy {_percent(scores['overall_accuracy'])} (undecided pixels, "
        f"{_percent(scores['undecided_share'])}, counted as wrong); mean IoU {scores['mean_iou']:.2f}; "
        f"expected calibration error {_percent(scores['calibration_error'])} after division by the "
        f"temperature {scores['temperature']:g}.",
        "",
        "| Class | Share of the test pixels | IoU | F1 |",
        "|---|---|---|---|",
    ]
    for name, row in scores["classes"].items():
        lines.append(f"| {name} | {_percent(row['share'])} | {row['iou']:.2f} | {row['f1']:.2f} |")
    absent = [name for name in card.classes if name not in scores["classes"]]
    if absent:
        lines += ["", f"Not in the test scenes, hence without figures: {', '.join(absent)}."]
    lines += ["", "| Score said | Right | Share of the decided pixels |", "|---|---|---|"]
    for row in scores["reliability"]:
        lines.append(f"| {row['score']:.2f} | {row['right']:.2f} | {_percent(row['share'])} |")
    return "\n".join(lines)


def renewed(document: str, card: ModelCard) -> str:
    """The document with its figures taken from `card`."""
    before, rest = document.split(START)
    _, after = rest.split(END)
    return f"{before}{START}\n{figures(card)}\n{END}{after}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    card = read_model(default_model_path()).card
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8"), card), encoding="utf-8")
