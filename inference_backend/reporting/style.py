# SPDX-License-Identifier: GPL-2.0-or-later
"""The style of every page, on screen and on paper."""

from __future__ import annotations

from inference_backend.reporting.palette import BAD, DARK_FROM, DOUBT, FAINT, GOOD, GRID, INK, RIGHT, WRONG
from inference_backend.reporting.words import Words

_SCREEN = f"""
*{{box-sizing:border-box}}
body{{font:15px/1.5 "Marianne","Open Sans","Segoe UI",system-ui,sans-serif;color:{INK};background:#fff;
max-width:1080px;margin:0 auto;padding:1.5em}}
h1{{font-size:1.7em;line-height:1.25;margin:.2em 0}}
h2{{font-size:1.25em;margin:2em 0 .6em;padding-bottom:.2em;border-bottom:2px solid {INK}}}
h3{{font-size:1.05em;margin:1.5em 0 .4em}}
p{{margin:.6em 0;max-width:85ch}}.lead{{font-size:1.1em}}
.small,.source,figcaption,caption{{font-size:.86em;color:{FAINT}}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1.2em;margin:.8em 0}}
dt{{color:{FAINT}}}dd{{margin:0;overflow-wrap:anywhere}}
table{{border-collapse:collapse;margin:1em 0;min-width:22em;font-size:.92em}}
caption{{text-align:left;padding:.2em 0;caption-side:top}}
th,td{{padding:.25em .7em;border-bottom:1px solid {GRID};text-align:left;vertical-align:top}}
thead th{{border-bottom:2px solid {INK};vertical-align:bottom}}
tfoot td,tfoot th{{border-top:2px solid {INK};font-weight:600}}
th{{font-weight:600}}tbody th{{font-weight:400}}
.r{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}.c{{text-align:center}}
td.l{{overflow-wrap:anywhere}}
tr.bad td:first-child,tr.bad th:first-child{{border-left:4px solid {BAD}}}
tr.good td:first-child,tr.good th:first-child{{border-left:4px solid {GOOD}}}
tr.strong td,tr.strong th{{font-weight:600}}
.scroll{{overflow-x:auto}}.nowrap{{white-space:nowrap}}
.note{{border-left:5px solid #0072b2;background:#eef4fb;padding:.6em 1em;margin:1em 0}}
.note.good{{border-color:{GOOD};background:#e8f5f0}}.note.bad{{border-color:{BAD};background:#fdeee6}}
.note.warning{{border-color:{DOUBT};background:#fdf5e2}}.note p{{margin:.2em 0}}
.badge{{display:inline-block;border:1px solid #0072b2;color:#005a8d;
border-radius:.3em;padding:0 .45em;font-weight:600;white-space:nowrap}}
.badge.good{{border-color:{GOOD};color:{GOOD}}}.badge.bad{{border-color:{BAD};background:{BAD};color:#fff}}
.badge.warning{{border-color:{DOUBT};color:{DOUBT}}}
.tiles{{display:grid;grid-template-columns:repeat(auto-fit,minmax(15em,1fr));gap:.8em;margin:1em 0}}
.tile{{border:1px solid {GRID};border-top:4px solid {INK};padding:.6em .9em}}
.tile.good{{border-top-color:{GOOD}}}.tile.bad{{border-top-color:{BAD}}}.tile.warning{{border-top-color:{DOUBT}}}
.tile .name{{color:{FAINT};font-size:.9em}}.tile .figure{{font-size:1.7em;font-weight:600;line-height:1.3}}
.tile .below{{font-size:.86em;color:{FAINT}}}
figure{{margin:1em 0}}figure svg{{display:block;max-width:100%;height:auto}}figcaption{{margin-top:.3em}}
.columns{{display:grid;grid-template-columns:repeat(auto-fit,minmax(24em,1fr));gap:0 2em;align-items:start}}
summary{{cursor:pointer;font-weight:600;margin:.8em 0}}
table.heat{{font-size:.82em;min-width:0}}table.heat td,table.heat th{{padding:.2em .4em;text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}}
table.heat td{{border:1px solid #fff;min-width:3em}}
table.heat td.d{{outline:2px solid {INK};outline-offset:-2px;font-weight:600}}
table.heat th.corner{{text-align:left;font-weight:400;color:{FAINT}}}
table.heat .sum{{border-left:2px solid {INK}}}
svg text{{font-family:inherit;font-size:12px;fill:{INK}}}
svg .faint{{fill:{FAINT}}}svg .small{{font-size:11px}}
svg .strong{{font-weight:600}}svg .end{{text-anchor:end}}svg .mid{{text-anchor:middle}}
footer{{margin-top:3em;border-top:1px solid {GRID};padding-top:.5em;font-size:.86em;color:{FAINT}}}
"""
_PAPER = """
body{max-width:none;padding:0;font-size:10pt}h1{font-size:17pt}h2{font-size:13pt;margin-top:1.2em}
table{font-size:8.3pt}th,td{padding:.18em .5em}.tiles{grid-template-columns:repeat(3,1fr)}
h2,h3,caption,summary{break-after:avoid}figure,.note,.tile,dl,tr,.keep{break-inside:avoid}thead{display:table-header-group}
tfoot{display:table-row-group}.break{break-before:page}.landscape{page:wide}.scroll{overflow:visible}
a{color:inherit;text-decoration:none}.screen{display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none}
"""


def _heat() -> str:
    steps = []
    for name, colours in (("h", RIGHT), ("e", WRONG)):
        for step, colour in enumerate(colours):
            ink = ";color:#fff" if step >= DARK_FROM else ""
            steps.append(f"td.{name}{step}{{background:{colour}{ink}}}")
    return "\n".join(steps)


STYLE = _SCREEN + _heat()


def print_style(running: str, words: Words) -> str:
    """Rules for paper: A4, the running title above, page numbers below where the browser counts them."""
    title = _css_text(running)
    of = words.t(" of ", " sur ")
    margins = (
        f"@top-left{{content:{title};font:8pt sans-serif;color:{FAINT}}}"
        f'@bottom-right{{content:"{words.t("Page", "Page")} " counter(page) "{of}" counter(pages);'
        f"font:8pt sans-serif;color:{FAINT}}}"
    )
    pages = f"@page{{size:A4;margin:18mm 15mm 16mm;{margins}}}@page wide{{size:A4 landscape}}"
    return f"\n{pages}\n@media print{{{_PAPER}}}"


def _css_text(text: str) -> str:
    """A CSS string; whatever could end it, or the style element, is written as an escape."""
    # The space ends the escape, whatever follows.
    safe = (c if c.isalnum() or c in " .,:;'()_-–—·/" else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(safe)}"'
