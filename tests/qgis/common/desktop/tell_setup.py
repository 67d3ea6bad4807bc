# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend in the real desktop: set up from the internet and without it, asked for a job, and elsewhere.

    .venv-qgis/bin/python -m tests.qgis.common.desktop.tell_setup FOLDER BUNDLE [PICTURES]

Three windows of QGIS, each in a fresh French profile. The first begins to download the backend and cancels.
The second sets it up from BUNDLE, with every way to the internet closed, and cancels a prediction of a
campaign. The third asks a backend behind TLS with a wrong token and with the right one. Ends with 0 if all of
it held.
With PICTURES, writes the pictures of the user guide there.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inference_backend.contracts.backend_home import environments, read_current
from ocsge_common.backend.environment import current_command
from scripts.build_bundle import build_wheel
from tests.qgis.common.servers import make_certificates
from tests.qgis.desktop import ROOT, environment, make_profile, on_a_screen, qgis
from tests.qgis.pi_review.desktop.real_qgis import shrink

DRIVER = Path(__file__).with_name("drive_setup.py")
BIN = ROOT / ".venv" / "bin"
PLUGINS = ("ocsge_annotator", "ocsge_pi_review")
LIGHT_COLOURS = ("#9a9a9a", "#f0a30a", "#2e9e4f", "#d13438")
NOWHERE = "http://127.0.0.1:9"
CLOSED = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE) | {
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
    "PIP_INDEX_URL": f"{NOWHERE}/simple",
    "PIP_CONFIG_FILE": "/dev/null",
}
TOKEN = "a-token-for-this-story-0123456789"
SEED, SIZE_M = 9001, 1800
LONGEST_S = 560
"""No window stays open longer."""
CANCEL_S = 5.0
"""Nobody waits longer for a cancel."""
PICTURES = (
    *("setup-online", "setup-offline", "setup-done", "remote-red", "remote-green"),
    *("job-running", "job-cancelled"),
)


def prepare(folder: Path) -> Path:
    """The commune of the job and the backend's own wheel, which no index has; the folder of both."""
    data = folder / "data"
    if not (data / "scene").exists():
        size = ["--size-m", str(SIZE_M), "--seed", str(SEED)]
        subprocess.run([BIN / "ocsge", "scene", data / "scene", *size], check=True, capture_output=True)
    shutil.rmtree(data / "wheels", ignore_errors=True)
    build_wheel(data / "wheels")
    return data


def window(folder: Path, steps: str, **more: str) -> Mapping[str, Any]:
    """One window of QGIS until it closes; its report.

    Raises:
        RuntimeError: a step failed.
    """
    make_profile(folder / "profile", PLUGINS)
    told = {"OCSGE_DRIVE_OUT": str(folder), "OCSGE_DRIVE_STEPS": steps, "OCSGE_BACKEND": ""}
    done = subprocess.run(
        ["timeout", "--kill-after=10", str(LONGEST_S), *on_a_screen(qgis(folder / "profile", DRIVER))],
        env=environment(**told, **more),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    path = folder / "report.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "error" in report or not report:
        raise RuntimeError(report.get("error", (done.stdout + done.stderr)[-4000:]))
    return dict(report)


@contextlib.contextmanager
def backend_behind_tls(folder: Path) -> Iterator[dict[str, str]]:
    """A server with a certificate of an authority of our own; what the window needs to know of it."""
    authority, (certificate, key) = make_certificates(folder / "certificates")
    command = [BIN / "ocsge", "serve", "--port", "0", "--data", folder / "server", "--stop-with-stdin"]
    process = subprocess.Popen(
        [*command, "--tls-cert", certificate, "--tls-key", key],
        env=environment(OCSGE_TOKEN=TOKEN),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        yield {
            "OCSGE_DRIVE_URL": f"https://127.0.0.1:{port}",
            "OCSGE_DRIVE_TOKEN": TOKEN,
            "OCSGE_DRIVE_AUTHORITY": str(authority),
        }
    finally:
        process.stdin.close()
        process.wait(30)


def require(held: bool, what: str, told: object) -> None:
    """End where something did not hold."""
    if not held:
        raise SystemExit(f"not so: {what}: {told}")


def judge_online(told: Mapping[str, Any], home: Path) -> None:
    """Cancelled at once, and nothing is left of it."""
    require(told["online"]["cancelled_s"] < CANCEL_S, "a cancelled download ends at once", told)
    require("rien n'a changé" in told["online"]["said"].replace("’", "'"), "the page says so", told)
    require(read_current(home) is None and not environments(home), "no environment is left", told)


def judge_offline(told: Mapping[str, Any], home: Path) -> None:
    """Installed, answering, and a cancelled job left nothing."""
    require(told["offline"]["level"] == "GOOD", "the backend of the bundle answers", told)
    command = current_command(home)
    require(command is not None and len(environments(home)) == 1, "there is one environment", told)
    require(told["job"]["cancelled_s"] < CANCEL_S, "a cancelled job ends at once", told)
    require(not told["job"]["left"], "a cancelled job leaves no raster", told)


def judge_remote(told: Mapping[str, Any]) -> None:
    """Refused with the wrong token, answering with the right one."""
    require("jeton" in told["remote"]["red"].lower(), "the page says that the token is wrong", told)
    require("répond" in told["remote"]["green"], "the right one is taken", told)


def main(folder: Path, bundle: Path, pictures: Path | None) -> int:
    """Tell it; 0 where all of it held."""
    data, out = prepare(folder), folder / "told"
    shutil.rmtree(out, ignore_errors=True)
    rooms = {name: out / name for name in ("online", "offline", "remote")}
    for room in rooms.values():
        room.mkdir(parents=True)
    # A space and an accent, as in many users' names.
    home = out / "Éléonore Lefèvre" / "ocsge"
    own = {"OCSGE_BACKEND_HOME": str(home), "OCSGE_DATA_DIR": str(out / "jobs")}
    told = {**window(rooms["online"], "online", PIP_FIND_LINKS=str(data / "wheels"), **own)}
    judge_online(told, home)
    more = {"OCSGE_DRIVE_BUNDLE": str(bundle), "OCSGE_DRIVE_SCENE": str(data / "scene")}
    told |= window(rooms["offline"], "offline,job", **more, **own, **CLOSED)
    judge_offline(told, home)
    with backend_behind_tls(out) as more:
        told |= window(rooms["remote"], "remote", **more, **own)
    judge_remote(told)
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if pictures is not None:
        for name in PICTURES:
            (shot,) = out.glob(f"*/{name}.png")
            target = Path(shutil.copy(shot, pictures / shot.name))
            shrink(target, LIGHT_COLOURS)
    shutil.rmtree(home.parent)
    return 0


if __name__ == "__main__":
    _, told_in, bundled, *kept = sys.argv
    raise SystemExit(main(Path(told_in).resolve(), Path(bundled).resolve(), Path(kept[0]) if kept else None))
