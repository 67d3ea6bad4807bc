# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages that need nothing else: HTML with tables, plots and maps drawn as SVG, in French and English.

It knows neither lots nor controls: figures come in as arguments, a page goes out as a text.
"""
