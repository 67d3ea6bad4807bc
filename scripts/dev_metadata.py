# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the merged metadata.txt beside each plugin, so that QGIS can load them from the checkout.

python -m scripts.dev_metadata
"""

from __future__ import annotations

from scripts.plugin_metadata import PLUGINS, ROOT, merged, render


def main() -> int:
    """Write both files; git ignores them."""
    for plugin in PLUGINS:
        (ROOT / plugin / "metadata.txt").write_text(render(merged(plugin)), encoding="utf-8")
        print(f"{plugin}/metadata.txt")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
