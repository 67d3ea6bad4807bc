# SPDX-License-Identifier: GPL-2.0-or-later
"""One real server for the session, a lot published by the real command, a copy of its database per test."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest

from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from tests.qgis.pi_review.lot_factory import make_lot
from tests.qgis.postgis.server import Server

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = "lot_1"
_names = (f"lots_{number}" for number in itertools.count())


def ocsge(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The backend's command, in its own environment."""
    command = [str(ROOT / ".venv" / "bin" / "ocsge"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def server():
    # What a killed server has given to the kernel is kept: only a power cut asks for more, and time.
    made = Server(("fsync=off",))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def published(server, tmp_path_factory):
    """Name of a database that holds the lot, and the GeoPackage it came from."""
    path = make_lot(tmp_path_factory.mktemp("lot") / "lot.gpkg")
    server.sql("CREATE DATABASE published")
    server.sql("CREATE EXTENSION postgis", "published")
    done = ocsge("lot", "publish", str(path), "--to", f"{server.conninfo} dbname=published/{SCHEMA}")
    assert done.returncode == 0, done.stderr
    for account, role in (("anne", "ocsge_interpreter"), ("chloe", "ocsge_controller"), ("paul", None)):
        server.sql(f"CREATE ROLE {account} LOGIN")
        if role:
            server.sql(f"GRANT {role} TO {account}")
    return "published", path


@pytest.fixture
def database(server, published):
    """A database of this test's own."""
    name = next(_names)
    server.sql(f"CREATE DATABASE {name} TEMPLATE {published[0]}")
    yield name
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def address(server, database) -> LotAddress:
    return address_of(server, database)


def address_of(server: Server, database: str, account: str = "postgres") -> LotAddress:
    uri = f"host=127.0.0.1 port={server.port} user={account} dbname={database}"
    return LotAddress(uri, SCHEMA)


@pytest.fixture
def opened(address):
    """Opens stores by the operator's name, and closes them."""
    stores: list[PostgisStore] = []

    def open_as(operator: str, **options) -> PostgisStore:
        stores.append(PostgisStore(options.pop("address", address), operator, **options))
        return stores[-1]

    yield open_as
    for store in stores:
        store.close()
