# SPDX-License-Identifier: GPL-2.0-or-later
"""The agreement of two annotators as a page that stands alone: figures first, classes, matrix, patches."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from qgis.PyQt.QtCore import QLocale

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.comparison import ComparedPatch, total
from ocsge_annotator.domain.agreement import Agreement, kappa_interval
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign
from ocsge_common.translation import tr, user_language

_STYLE = """
body { font: 15px/1.45 sans-serif; color: #222; max-width: 62em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
table { border-collapse: collapse } td, th { padding: .25em .6em; border-bottom: 1px solid #ddd }
th { text-align: left } td.n { text-align: right; font-variant-numeric: tabular-nums }
.figures { display: flex; gap: 2.5em } .figures b { display: block; font-size: 2em }
.swatch { display: inline-block; width: .9em; height: .9em; border: 1px solid #555; margin-right: .5em }
.bar { background: #eee; width: 12em } .bar i { display: block; height: .8em; background: #1553ae }
.matrix td { text-align: right; min-width: 3.2em; border: 1px solid #fff }
.matrix th.up { writing-mode: vertical-rl; transform: rotate(180deg); border: 0 }
@media print { body { margin: 0 } }
"""


def write_agreement_report(path: Path, campaign: Campaign, compared: Sequence[ComparedPatch]) -> None:
    """Write the page.

    Raises:
        WriteError: the system refuses; no file is left.
    """
    whole = total(compared)
    title = tr("Agreement of two annotators: {}").format(campaign.name)
    body = [
        f"<h1>{escape(title)}</h1>",
        _figures(whole, compared),
        f"<h2>{escape(tr('Class by class'))}</h2>",
        _classes(campaign, whole),
        f"<h2>{escape(tr('Who said what'))}</h2>",
        f"<p>{escape(tr('Rows: first person; columns: second person; share of the row.'))}</p>",
        _matrix(campaign, whole),
        f"<h2>{escape(tr('Patches, the least agreed first'))}</h2>",
        _patches(campaign, compared),
        f"<p>{escape(_method())}</p>",
    ]
    page = (
        f'<!doctype html><html lang="{escape(user_language())}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(body)}</body></html>"
    )
    write_whole(path, page.encode("utf-8"))


def _method() -> str:
    return tr(
        "Pixels that one person alone labelled are counted apart. Cohen's kappa (1960) sets the agreement "
        "against what chance gives with the shares of the classes; its interval resamples whole patches. "
        "Intersection over union: pixels that both gave to a class, out of those that either did."
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{QLocale().toString(100 * share, 'f', 1)} %"


def _number(value: float | None) -> str:
    return "–" if value is None else QLocale().toString(value, "f", 3)


def _figures(whole: Agreement, compared: Sequence[ComparedPatch]) -> str:
    interval = kappa_interval([one.agreement for one in compared])
    between = "" if interval is None else f" ({_number(interval[0])} – {_number(interval[1])})"
    figures = (
        (_percent(whole.overall), tr("of the pixels have one class for both")),
        (_number(whole.kappa), tr("Cohen's kappa") + between),
        (QLocale().toString(len(compared)), tr("patches labelled twice")),
        (QLocale().toString(whole.one_sided_px), tr("pixels that one person alone labelled")),
    )
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(text)}</div>" for value, text in figures)
    return f'<div class="figures">{cells}</div>'


def _classes(campaign: Campaign, whole: Agreement) -> str:
    head = (tr("Class"), tr("Intersection over union"), "", tr("First person"), tr("Second person"))
    rows = []
    for entry in sorted(whole.classes, key=lambda e: e.iou or 0.0):
        iou = entry.iou or 0.0
        rows.append(
            f"<tr><td>{_name(campaign, entry.value)}</td><td class=n>{_percent(entry.iou)}</td>"
            f'<td><div class="bar"><i style="width:{100 * iou:.1f}%"></i></div></td>'
            f"<td class=n>{QLocale().toString(entry.first_px)} px</td>"
            f"<td class=n>{QLocale().toString(entry.second_px)} px</td></tr>"
        )
    return _table(head, rows)


def _matrix(campaign: Campaign, whole: Agreement) -> str:
    used = [entry.value for entry in whole.classes]
    place = {value: i for i, value in enumerate(whole.values)}
    head = "".join(f'<th class="up">{_name(campaign, value)}</th>' for value in used)
    rows = []
    for value in used:
        counts = whole.confusion[place[value]]
        row_px = int(counts.sum())
        cells = "".join(_cell(int(counts[place[other]]), row_px, value == other) for other in used)
        rows.append(f"<tr><th>{_name(campaign, value)}</th>{cells}</tr>")
    return f'<table class="matrix"><tr><td></td>{head}</tr>{"".join(rows)}</table>'


def _cell(count_px: int, row_px: int, agrees: bool) -> str:
    share = count_px / row_px if row_px else 0.0
    rgb = "21,83,174" if agrees else "200,60,30"
    text = f"{100 * share:.0f}" if count_px else ""
    return f'<td style="background:rgba({rgb},{0.75 * share:.2f})">{text}</td>'


def _patches(campaign: Campaign, compared: Sequence[ComparedPatch]) -> str:
    head = (tr("Patch"), tr("Annotator"), tr("Agreement"), tr("Areas to arbitrate"), tr("Largest"))
    rows = []
    for one in sorted(compared, key=lambda c: c.agreement.overall or 0.0):
        real = [area for area in one.disagreements if not area.is_border]
        largest = ""
        if real:
            pair = (_name(campaign, real[0].first), _name(campaign, real[0].second))
            largest = f"{pair[0]} / {pair[1]}, {QLocale().toString(real[0].area_px)} px"
        rows.append(
            f"<tr><td>{escape(one.patch.patch_id)}</td><td>{escape(one.patch.annotator)}</td>"
            f"<td class=n>{_percent(one.agreement.overall)}</td><td class=n>{len(real)}</td>"
            f"<td>{largest}</td></tr>"
        )
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[str]) -> str:
    titles = "".join(f"<th>{escape(text)}</th>" for text in head)
    return f"<table><tr>{titles}</tr>{''.join(rows)}</table>"


def _name(campaign: Campaign, value: int) -> str:
    """HTML of a class: its colour and name."""
    if value == UNLABELLED:
        return escape(tr("without label"))
    entry = next((c for c in campaign.classes if c.value == value), None)
    if entry is None:
        return str(value)
    colour, name = escape(entry.colour), escape(entry.label(user_language()))
    return f'<span class="swatch" style="background:{colour}"></span>{name}'
