# SPDX-License-Identifier: GPL-2.0-or-later
"""The repair report as one page that needs nothing else: figures, words and pictures."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.lot_columns import Columns
from inference_backend.ingest.repair import Repaired
from inference_backend.ingest.report import Report
from inference_backend.ingest.report_pictures import Window, overview_png, svg_of
from inference_backend.ingest.report_text import (
    EXPLANATIONS,
    KINDS,
    REPAIRS,
    RULES,
    SAYINGS,
    decimal,
    notices,
    pick,
)
from inference_backend.ingest.resolution import Said
from inference_backend.ingest.types import Move, Repair, Source

LARGEST = 15
"""Rows of a table of repairs; the others are in the JSON report."""
PICTURES = 4
"""Pairs of pictures for each kind of repair."""
MARKS = 1500
"""Marks on the overview."""
_MARKS = {
    Repair.INVALID: "#7b1fa2",
    Repair.DUPLICATE: "#00838f",
    Repair.OVERLAP: "#d50000",
    Repair.SLIVER: "#ef6c00",
    Repair.GAP_FILLED: "#1565c0",
    Repair.GAP_LEFT: "#000000",
}
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#222}
h1{font-size:1.6em}h2{margin-top:2em;border-bottom:1px solid #ccc}
table{border-collapse:collapse;margin:1em 0}
td,th{padding:.25em .8em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.note{background:#fff6dd;padding:.6em 1em}
.pair{display:inline-block;margin:0 1.2em 1.2em 0}.pair figure{display:inline-block;margin:0 .3em 0 0}
figcaption{font-size:.85em;color:#555}
svg,img{border:1px solid #bbb;background:#fff}.map{position:relative}
.map svg{position:absolute;left:0;top:0;background:none;border-color:transparent}
.dot{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin:0 .3em 0 1em}
.ok{color:#1b7e2c;font-weight:600}
"""


class Page:
    """What a page is made from, and its parts as HTML."""

    def __init__(
        self,
        report: Report,
        source: Source,
        said: Said,
        repaired: Repaired,
        columns: Columns,
        profile: Profile,
    ) -> None:
        self.report, self.source, self.said = report, source, said
        self.repaired, self.columns, self.profile = repaired, columns, profile
        self.colours = {leaf.code: leaf.colour for leaf in profile.nomenclature.leaves("cs")}
        self.before = shapely.STRtree(source.geometry)
        self.after = shapely.STRtree(repaired.pieces.geometry)

    def html(self, language: str) -> str:
        """The whole page."""
        self.language = language[:2]
        title = self.t("Repair report", "Bilan de réparation")
        body = "\n".join(
            (
                f"<h1>{title} — {escape(str(self.report.content['lot']))}</h1>",
                "".join(f'<p class="note">{escape(text)}</p>' for text in notices(self.report, language)),
                self._files(),
                self._overview(),
                self._balance(),
                *(self._repair(kind) for kind in Repair),
                self._vanished(),
                self._codes(),
            )
        )
        head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        return f'<!doctype html><html lang="{self.language}"><head>{head}</head><body>{body}</body></html>'

    def t(self, english: str, french: str) -> str:
        """The text in the page's language."""
        return pick((english, french), self.language)

    def n(self, value: float, digits: int = 2) -> str:
        """A number in the page's language."""
        return decimal(value, digits, self.language)

    def _files(self) -> str:
        content = self.report.content
        heads = (
            self.t("file", "fichier"),
            self.t("layer", "couche"),
            self.t("taken for", "reconnu comme"),
            self.t("features", "objets"),
            self.t("coordinate system", "système de coordonnées"),
        )
        rows = [
            (
                escape(Path(file["path"]).name),
                escape(file["layer"]),
                pick(KINDS[file["kind"]], self.language)
                + (f", {escape(file['date'])}" if file["date"] else ""),
                self.n(file["rows"], 0),
                escape(file["crs"]) + (f" → {escape(content['crs'])}" if file["transformed"] else ""),
            )
            for file in content["files"]
        ]
        summary = self.report.summary
        text = self.t(
            f"{self.n(summary['features'], 0)} features became {self.n(summary['polygons'], 0)} polygons; "
            f"{self.n(summary['features_touched'], 0)} features were touched, the others are as they came. "
            f"{self.n(summary['review_items'], 0)} polygons are in the review queue.",
            f"{self.n(summary['features'], 0)} objets sont devenus {self.n(summary['polygons'], 0)} "
            f"polygones ; {self.n(summary['features_touched'], 0)} objets ont été touchés, les autres sont "
            f"restés tels quels. {self.n(summary['review_items'], 0)} polygones sont dans la file de "
            f"reprise.",
        )
        return self._table(heads, rows) + f"<p>{text}</p>"

    def _overview(self) -> str:
        window = Window.of_layer(self.repaired.pieces.geometry)
        image = overview_png(window, self.repaired.pieces.geometry, self.columns["code_cs"], self.colours)
        moves = [move for move in self.repaired.ledger.moves if move.repair in _MARKS and np.isfinite(move.x)]
        shown = sorted(moves, key=lambda move: -abs(move.area_m2))[:MARKS]
        marks = []
        for move in shown:
            column, row = window.pixel(move.x, move.y)
            colour = _MARKS[move.repair]
            marks.append(f'<circle cx="{column:.1f}" cy="{row:.1f}" r="3.5" fill="{colour}" stroke="#fff"/>')
        size = f'width="{window.width_px}" height="{window.height_px}"'
        used = [kind for kind in _MARKS if any(move.repair is kind for move in moves)]
        legend = "".join(
            f'<span class="dot" style="background:{_MARKS[kind]}"></span>{pick(REPAIRS[kind], self.language)}'
            for kind in used
        )
        return (
            f"<h2>{self.t('The layer and its repairs', 'La couche et ses réparations')}</h2>"
            f'<div class="map"><img {size} alt="" src="data:image/png;base64,{image}">'
            f"<svg {size}>{''.join(marks)}</svg></div><p>{legend}</p>"
        )

    def _balance(self) -> str:
        balance, repairs = self.report.content["balance"], self.report.summary["repairs"]
        invalid = balance["brought_m2"] - balance["drawn_m2"]
        slivers = repairs["sliver"]["area_m2"]
        lines = [
            (self.t("rings as drawn", "contours tels que dessinés"), balance["drawn_m2"]),
            (self.t("invalid shapes repaired", "formes invalides réparées"), invalid),
            (self.t("duplicates", "doublons"), -repairs["duplicate"]["area_m2"]),
            (self.t("left out on request", "écarté à la demande"), -repairs["excluded"]["area_m2"]),
            (self.t("claimed more than once", "revendiqué plusieurs fois"), -repairs["overlap"]["area_m2"]),
            (self.t("slivers given away", "languettes cédées"), -slivers),
            (self.t("slivers taken", "languettes reçues"), slivers),
            (self.t("below the grid", "sous la grille"), -repairs["dust"]["area_m2"]),
            (self.t("gaps filled", "trous comblés"), repairs["gap_filled"]["area_m2"]),
            (self.t("rounding of coordinates", "arrondi des coordonnées"), balance["rounding_m2"]),
        ]
        rows = [(text, f"{self.n(value, 3)} m²") for text, value in lines]
        rows.append((f"<b>{self.t('polygons of the lot', 'polygones du lot')}</b>",
            f"<b>{self.n(balance['result_m2'], 3)} m²</b>"))  # fmt: skip
        checked = self.t(
            "Checked feature by feature against the polygons written; the largest rounding of one feature is "
            f"{self.n(balance['largest_rounding_m2'], 5)} m².",
            "Vérifié objet par objet sur les polygones écrits ; le plus grand arrondi d'un objet est "
            f"{self.n(balance['largest_rounding_m2'], 5)} m².",
        )
        title = self.t("The areas add up", "Les surfaces s'équilibrent")
        return f'<h2>{title}</h2>{self._table((), rows)}<p class="ok">✓ {checked}</p>'

    def _repair(self, kind: Repair) -> str:
        moves = sorted(self.repaired.ledger.of(kind), key=lambda move: -abs(move.area_m2))
        if not moves:
            return ""
        total = sum(abs(move.area_m2) for move in moves)
        heads = ("m²", self.t("from", "de"), self.t("to", "à"), "x, y", self.t("remark", "remarque"))
        rows = [
            (
                self.n(move.area_m2, 3),
                self._name(move.loser),
                self._name(move.winner),
                "" if np.isnan(move.x) else f"{move.x:.1f}, {move.y:.1f}",
                escape(move.note),
            )
            for move in moves[:LARGEST]
        ]
        more = len(moves) - len(rows)
        rest = (
            self.t(f"{more} more in the JSON report.", f"{more} autres dans le bilan JSON.")
            if more > 0
            else ""
        )
        count = f"{self.n(len(moves), 0)} · {self.n(total, 2)} m²"
        return (
            f"<h2>{pick(REPAIRS[kind], self.language).capitalize()} ({count})</h2>"
            f"<p>{pick(EXPLANATIONS[kind], self.language)}</p>{self._pictures(moves)}"
            f"{self._table(heads, rows)}<p>{rest}</p>"
        )

    def _pictures(self, moves: list[Move]) -> str:
        shown = [move for move in moves if np.isfinite(move.x) and abs(move.area_m2) > 0][:PICTURES]
        return "".join(self._pair(move) for move in shown)

    def _pair(self, move: Move) -> str:
        window = Window.around(move.x, move.y, abs(move.area_m2))
        box = shapely.box(window.xmin, window.ymin, window.xmax, window.ymax)
        rows = np.sort(self.before.query(box))
        old = shapely.make_valid(self.source.geometry[rows])
        new = np.sort(self.after.query(box))
        covers = self.columns["code_cs"]
        before = svg_of(
            window, old, [self._said(row) for row in rows.tolist()], (move.x, move.y), see_through=True
        )
        after = svg_of(
            window,
            self.repaired.pieces.geometry[new],
            [self.colours[covers[i]] for i in new.tolist()],
            (move.x, move.y),
            see_through=False,
        )
        captions = (self.t("before", "avant"), self.t("after", "après"))
        area = f"{self.n(abs(move.area_m2), 2)} m²"
        figures = [
            f"<figure>{picture}<figcaption>{caption}, {area}</figcaption></figure>"
            for picture, caption in zip((before, after), captions, strict=True)
        ]
        return f'<div class="pair">{"".join(figures)}</div>'

    def _said(self, row: int) -> str | None:
        return self.colours.get(self.said.cs[row].code or "")

    def _vanished(self) -> str:
        accounts = self.repaired.accounts
        gone = np.flatnonzero((accounts.brought > 0) & (accounts.result <= 0))
        if not len(gone):
            return ""
        order = gone[np.argsort(-accounts.brought[gone])]
        rows = [(self.n(accounts.brought[row], 3), self._name(int(row))) for row in order[:LARGEST].tolist()]
        title = self.t("Features of which no polygon is left", "Objets dont il ne reste aucun polygone")
        text = self.t(
            "Others have all of their area; who, stands in the tables above and in the JSON report.",
            "D'autres ont toute leur surface ; lesquels, les tableaux ci-dessus et le bilan JSON le disent.",
        )
        table = self._table(("m²", self.t("feature", "objet")), rows)
        return f"<h2>{title} ({self.n(len(gone), 0)})</h2><p>{text}</p>{table}"

    def _codes(self) -> str:
        codes = self.report.content["codes"]
        parts = [f"<h2>{self.t('Codes', 'Codes')}</h2>"]
        for dimension, name in (("cs", self.t("Cover", "Couverture")), ("us", self.t("Use", "Usage"))):
            heads = (
                self.t("text", "texte"),
                self.t("features", "objets"),
                self.t("read as", "lu comme"),
                "code",
            )
            rows = [
                (
                    escape(entry["text"] or "—"),
                    self.n(entry["rows"], 0),
                    pick(SAYINGS[entry["saying"]], self.language),
                    escape(entry["code"] or (f"{entry['under']}.*" if entry["under"] else "—")),
                )
                for entry in codes["texts"][dimension]
            ]
            rules = [
                (escape(pick(RULES.get(rule, (rule, rule)), self.language)), self.n(count, 0))
                for rule, count in codes["rules"][dimension].items()
            ]
            parts.append(f"<h3>{name}</h3>")
            if rows:
                parts.append(self._table(heads, rows))
            parts.append(
                self._table((self.t("decided by", "décidé par"), self.t("polygons", "polygones")), rules)
            )
        return "".join(parts)

    def _name(self, row: int) -> str:
        if row < 0:
            return "—"
        ids = self.source.text.get("id")
        name = f"fid {int(self.source.fid[row])}"
        if ids is not None and ids[row]:
            name = f"{ids[row]} ({name})"
        if len(self.source.files) > 1:
            name = f"{self.source.files[int(self.source.file[row])].path.name}: {name}"
        return escape(name)

    @staticmethod
    def _table(heads: tuple[str, ...], rows: list[Any]) -> str:
        head = f"<tr>{''.join(f'<th>{text}</th>' for text in heads)}</tr>" if heads else ""
        body = "".join(
            "<tr>" + "".join(f'<td class="{_align(cell)}">{cell}</td>' for cell in row) + "</tr>"
            for row in rows
        )
        return f"<table>{head}{body}</table>"


def _align(cell: str) -> str:
    return "n" if cell.removeprefix("<b>")[:1] in tuple("-0123456789") else ""
