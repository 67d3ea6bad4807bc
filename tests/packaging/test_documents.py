# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import documents


def test_links_lead_somewhere(repository):
    assert list(documents.broken_links(documents.documents(repository))) == []


def test_make_commands_exist(repository):
    found = documents.unknown_make_commands(documents.documents(repository), repository / "Makefile")
    assert list(found) == []


def test_the_readme_shows_every_main_command(repository):
    readme = (repository / "README.md").read_text()
    for command in ("make demo", "make test", "make zips", "make bundle"):
        assert f"{command}\n" in readme or f"`{command}`" in readme


def test_ocsge_commands_and_options_exist(repository):
    shown = documents.ocsge_commands(documents.documents(repository))
    assert {"predict", "postprocess", "run", "check", "scene"} <= set(shown)
    for command, options in shown.items():
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ocsge")), *command.split(), "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"ocsge {command}: {done.stderr}"
        assert options <= set(documents.OPTION.findall(done.stdout)), command


def test_no_trace_of_a_machine_or_a_registry(repository):
    assert list(documents.machine_traces(documents.tracked_texts(repository))) == []


def test_every_source_file_names_its_licence(repository):
    sources = [p for p in documents.tracked_texts(repository) if p.suffix in (".py", ".sh")]
    unnamed = [
        str(p) for p in sources if "SPDX-License-Identifier: GPL-2.0-or-later" not in p.read_text()[:200]
    ]
    assert unnamed == []


@pytest.mark.parametrize(
    "text",
    ["see [this](nowhere.md)", "see [this](#no-such-heading)", "![picture](images/none.png)"],
)
def test_a_broken_link_is_found(text, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n{text}\n")
    assert len(list(documents.broken_links([page]))) == 1


def test_a_good_link_passes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# My title\nsee [this](#my-title) and [that](page.md#my-title) and [web](https://example.org)\n"
    )
    assert list(documents.broken_links([page])) == []


def test_an_unknown_make_command_is_found(tmp_path, repository):
    page = tmp_path / "page.md"
    page.write_text("```\nmake check tost zips\n```\nmake sure that prose is left alone\n")
    found = list(documents.unknown_make_commands([page], repository / "Makefile"))
    assert found == ["page.md: make tost does not exist"]


def test_options_of_a_command_over_two_lines_are_read(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```\nocsge predict a.tif \\\n    --output b.tif\n```\n")
    assert documents.ocsge_commands([page]) == {"predict": {"--output"}}


def test_an_action_of_a_command_is_a_command_of_its_own(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```\nocsge model check m.onnx --json\nocsge model --help\n```\n")
    assert documents.ocsge_commands([page]) == {"model check": {"--json"}, "model": {"--help"}}


@pytest.mark.parametrize("text", ["/" + "home/anna/data.tif", "https://" + "py" + "pi.org/simple"])
def test_a_trace_of_a_machine_is_found(text, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"first line\nread {text}\n")
    assert len(list(documents.machine_traces([page]))) == 1
