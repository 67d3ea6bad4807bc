# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from inference_backend.contracts import backend_home as layout


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with spaces and accents, as Windows users have; one Python to look at."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path / "Éléonore Lefèvre" / "ocsge"


@pytest.fixture
def former(home):
    """What a former set-up left: an environment that counts."""
    folder = layout.new_environment(home)
    command = layout.environment_command(folder)
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\necho former\n")
    layout.write_current(home, layout.Installed(folder.name, "0.0.1"))
    return folder
