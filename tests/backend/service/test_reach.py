# SPDX-License-Identifier: GPL-2.0-or-later
"""Which files and hosts inputs may name."""

from __future__ import annotations

import pytest
from rasterio.crs import CRS

from inference_backend.service.reach import Reach, is_odd_path


@pytest.fixture
def rooted(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "open" / "a.tif").touch()
    (tmp_path / "secret" / "b.tif").touch()
    return Reach((tmp_path / "open",), ("ortho.example", "10.1.2.3:8000"), trusts_network=False)


def test_what_lies_in_a_root_is_allowed(rooted, tmp_path):
    assert rooted.allows_file(str(tmp_path / "open" / "a.tif"))
    assert rooted.allows_file(str(tmp_path / "open" / "new" / "output.tif"))


@pytest.mark.parametrize(
    "path", ["secret/b.tif", "open/../secret/b.tif", "open/../../etc/passwd", "openly/a.tif"]
)
def test_what_lies_elsewhere_is_not(rooted, tmp_path, path):
    assert not rooted.allows_file(f"{tmp_path}/{path}")


def test_a_link_is_followed(rooted, tmp_path):
    (tmp_path / "open" / "door").symlink_to(tmp_path / "secret")
    assert not rooted.allows_file(str(tmp_path / "open" / "door" / "b.tif"))


def test_without_roots_every_file_is_allowed(tmp_path):
    assert Reach().allows_file(str(tmp_path / "anything"))


@pytest.mark.parametrize(
    "path",
    ["/vsicurl/http://x/a.tif", "/VSIZIP/a.zip", "\\vsimem\\a", "//server/share/a", "\\\\server\\share\\a",
     "\\\\.\\PhysicalDrive0", "C:\\con.tif", "a\0b", "", "//?/C:/a"],
)  # fmt: skip
def test_a_path_that_is_none_is_never_allowed(path):
    assert is_odd_path(path)
    assert not Reach().allows_file(path)


@pytest.mark.parametrize("path", ["/data/ortho.tif", "C:\\data\\ortho.tif", "/data/console/a.tif"])
def test_an_ordinary_path_is_no_odd_one(path):
    assert not is_odd_path(path)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://ortho.example/a.tif", True),
        ("https://ORTHO.example:8443/a.tif", True),
        ("http://10.1.2.3:8000", True),
        ("http://10.1.2.3", False),
        ("https://ortho.example.evil.net/", False),
        ("https://evil.net/ortho.example", False),
        ("https://ortho.example@evil.net/", False),
        ("https://user@ortho.example/", False),
        ("ftp://ortho.example/", False),
        ("file:///etc/passwd", False),
        ("http://[::1", False),
        ("http://ortho.example:99999/", False),
        ("tcp://ortho.example:8786", True),
    ],
)
def test_hosts_are_compared_whole(rooted, url, allowed):
    assert rooted.allows_address(url) is allowed


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "169.254.169.254", "192.168.1.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001"],
)
def test_every_host_means_no_private_one_on_a_shared_service(host):
    assert not Reach((), ("*",), trusts_network=False).allows_address(f"http://{host}/")
    assert Reach(None, ("*",)).allows_address(f"http://{host}/")


def test_a_public_address_is_one_of_every_host():
    assert Reach((), ("*",), trusts_network=False).allows_address("http://1.1.1.1/")


def test_no_host_is_allowed_by_default():
    assert not Reach().allows_address("http://1.1.1.1/")


@pytest.mark.parametrize(
    ("crs", "allowed"),
    [
        ("EPSG:2154", True),
        (CRS.from_epsg(2154).to_wkt(), True),
        (CRS.from_epsg(2154).to_wkt(version="WKT2_2019"), True),
        ("/etc/passwd", False),
        ("http://x/y", False),
        ("/etc/PROJCRS[]", False),
    ],
)
def test_a_coordinate_system_is_named_by_its_code_or_said_in_full(rooted, crs, allowed):
    assert rooted.allows_crs(crs) is allowed
