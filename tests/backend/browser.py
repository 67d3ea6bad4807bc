# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Chromium without a window, for pages that people open and print."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

_NAMES = ("chromium", "google-chrome")
_TIME_S = 90


def chromium(*options: str) -> str:
    """Run a fresh Chromium and give its standard output; scripts of pages have a second to run."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert program, "no Chromium here: run scripts/setup_browser.sh"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # A container has neither a sandbox nor room in /dev/shm; the pages are the test's own.
        fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
        done = subprocess.run(
            [program, *fixed, f"--user-data-dir={profile}", "--virtual-time-budget=1000", *options],
            capture_output=True,
            text=True,
            timeout=_TIME_S,
            check=True,
        )
    return done.stdout


def dom(page: Path) -> str:
    """The page's elements as they are once it was loaded."""
    return chromium("--dump-dom", page.as_uri())


def printed(page: Path, target: Path) -> list[str]:
    """Print a page to PDF; the text of each sheet."""
    chromium("--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri())
    text = subprocess.run(
        ["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True
    )
    return text.stdout.split("\f")[:-1]


def screenshot(page: Path, target: Path, width_px: int = 1120, height_px: int = 1500) -> None:
    """A picture of the page's beginning."""
    size = f"--window-size={width_px},{height_px}"
    chromium("--hide-scrollbars", size, f"--screenshot={target}", page.as_uri())


def spoken(markup: str) -> str:
    """The words of markup, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup))
