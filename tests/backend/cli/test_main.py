# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from inference_backend.cli import main as cli
from inference_backend.cli.language import detect_language

COMMAND = "from inference_backend.cli.main import main; import sys; sys.exit(main())"


@pytest.fixture
def command_folder(tmp_path, monkeypatch):
    """A copy of the package `cli` into which a test puts commands of its own."""
    import inference_backend.cli as package

    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.setattr(cli, "command_names", lambda: [p.stem[4:] for p in tmp_path.glob("cmd_*.py")])
    monkeypatch.setenv("OCSGE_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.delenv("OCSGE_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    yield tmp_path
    for name in [n for n in sys.modules if n.startswith("inference_backend.cli.cmd_t_")]:
        del sys.modules[name]


def make_command(folder, name, body):
    (folder / f"cmd_{name}.py").write_text(
        "import os, time\nfrom inference_backend.errors import RasterError\n"
        f"def register(subparsers):\n    subparsers.add_parser({name!r}).set_defaults(func=run)\n"
        f"def run(args):\n    {body}\n"
    )


RASTER_ERROR = (
    'raise RasterError(path="a.tif", problem_en="no CRS", problem_fr="pas de SCR", '
    'remedy_en="Give one.", remedy_fr="Donnez-en un.")'
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["t_bad"], "a.tif: no CRS. Give one.\n"),
        (["--lang", "fr", "t_bad"], "a.tif : pas de SCR. Donnez-en un.\n"),
    ],
)
def test_our_errors_are_a_sentence_in_the_users_language_and_exit_2(
    command_folder, capsys, arguments, expected
):
    make_command(command_folder, "t_bad", RASTER_ERROR)
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err == expected


def test_an_unexpected_error_is_a_sentence_and_a_file_with_its_traceback(command_folder, capsys):
    make_command(command_folder, "t_fault", "raise ValueError('inner detail')")
    assert cli.main(["t_fault"]) == 70
    message = capsys.readouterr().err
    (log,) = (command_folder / "logs").iterdir()
    assert str(log) in message
    assert "inner detail" not in message
    assert "inner detail" in log.read_text()


def test_a_broken_command_leaves_the_others_usable(command_folder, capsys):
    (command_folder / "cmd_t_broken.py").write_text("import no_such_module\n")
    make_command(command_folder, "t_fine", "return 0")
    assert cli.main(["t_fine"]) == 0
    assert cli.main(["t_broken"]) == 70


def test_the_exit_code_of_a_command_is_that_of_the_process(command_folder):
    make_command(command_folder, "t_short", "return 1")
    assert cli.main(["t_short"]) == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_signal_lets_the_command_clean_up(tmp_path, stop):
    """Unfinished files are removed by `finally` blocks, which SIGTERM would skip."""
    body = (
        "try:\n        open('started', 'w').close(); time.sleep(30)\n"
        "    finally:\n        open('cleaned', 'w').close()"
    )
    make_command(tmp_path, "t_long", body)
    script = (
        # A shell's background jobs, and their children, start with SIGINT ignored.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"import inference_backend.cli as p; p.__path__.append({str(tmp_path)!r})\n"
        "import inference_backend.cli.main as m; m.command_names = lambda: ['t_long']\n"
        "raise SystemExit(m.main(['t_long']))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path)
    limit = time.monotonic() + 20
    while not (tmp_path / "started").exists() and time.monotonic() < limit:
        time.sleep(0.05)
    process.send_signal(stop)
    assert process.wait(10) == 130
    assert (tmp_path / "cleaned").exists()


def test_help_lists_the_commands_without_importing_them():
    script = (
        "import sys\nfrom inference_backend.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'rasterio', 'numpy', 'onnxruntime', 'fastapi'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "heavy: []" in out
    assert all(name in out for name in cli.command_names())


def test_an_unknown_command_is_wrong_use(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["transmogrify"])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("environment", "explicit", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, None, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, None, "en"),
        ({"LC_ALL": "C", "OCSGE_LANG": "fr"}, None, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "en", "en"),
        ({"LANG": "de_DE.UTF-8"}, None, "en"),
        ({}, None, "en"),
    ],
)
def test_the_language_comes_from_option_then_environment(environment, explicit, expected):
    assert detect_language(environment, explicit) == expected
