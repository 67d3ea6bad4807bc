# SPDX-License-Identifier: GPL-2.0-or-later
"""Options whose values are lists with commas, and which people give several times as well."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


class Joined(argparse.Action):
    """`--fill nir=90 --fill height=3` is `--fill nir=90,height=3`: no value replaces one given before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add a value to those given before."""
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, f"{before},{values}" if before else values)
