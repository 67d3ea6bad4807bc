# SPDX-License-Identifier: GPL-2.0-or-later
"""`python -m inference_backend`: the command `ocsge` where its script is not on the path."""

from __future__ import annotations

import sys

from inference_backend.cli.main import main

sys.exit(main())
