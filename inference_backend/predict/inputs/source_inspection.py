# SPDX-License-Identifier: GPL-2.0-or-later
"""Follows what VRTs and descriptions of services refer to, where a policy limits it.

An uploaded VRT is a few lines that make GDAL open any file or server that the machine reaches. So every
text in it that could be a name is held against the policy, whatever its tag: GDAL takes tags in any case,
attributes for elements, and has more places for a name than a list would keep up with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from inference_backend.predict.errors import RefusedSourceError
from inference_backend.predict.inputs.redirects import check_redirects
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import Source, shown

LIMITED_DRIVERS = ("GTiff", "VRT", "JP2OpenJPEG", "PNG", "JPEG", "WMS", "WMTS")
"""Formats opened where sources are limited; many others refer to further files in ways of their own."""
MAX_XML_BYTES = 64 * 2**20
MAX_DEPTH = 8

_MAGIC = (
    *(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    *(b"\x89PNG", b"\xff\xd8\xff", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
)
_GDAL_XML = re.compile(
    rb"<\s*(VRT|GDAL_WM|WMS_|TileMap|Services|Capabilities|PAMDataset|\?xml)", re.IGNORECASE
)
_SNIFFED_BYTES = 4096
_NAMES = ("sourcefilename", "sourcedataset")
_FORBIDDEN = ("pixelfunctioncode", "cache")  # code to run, and a folder to write into
_HARMLESS = ("srs", "projection", "targetsrs", "sourcesrs", "description")
_NUMBERS = re.compile(r"[-+0-9.,eE\s]*")
_AUTHORITY = re.compile(r"(EPSG|IGNF|ESRI|OGC|CRS|urn:ogc):[\w:.]*", re.IGNORECASE)
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_+.-]+:")


def check_references(source: Source, policy: SourcePolicy) -> None:
    """Refuse a local file that refers to anything `policy` forbids.

    Raises:
        RefusedSourceError: names the file and what it refers to.
    """
    if source.file is not None:
        inspection = _Inspection(source.shown, policy)
        inspection.follow(source.file.absolute(), MAX_DEPTH)
        for side_file in (f"{source.file}.aux.xml", source.file.with_suffix(".aux.xml")):
            if Path(side_file).exists():
                inspection.follow(Path(side_file).absolute(), MAX_DEPTH)


@dataclass
class _Inspection:
    """One walk; `given` is the raster that messages name."""

    given: str
    policy: SourcePolicy
    seen: set[Path] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def follow(self, path: Path, depth: int) -> None:
        """Look through a file that exists or that GDAL will miss."""
        if path in self.seen:
            return
        self.seen.add(path)
        if not self.policy.allows_file(path):
            self._refuse(str(path))
        try:
            with path.open("rb") as file:
                head = file.read(_SNIFFED_BYTES)
                if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and not _GDAL_XML.search(head):
                    if depth < MAX_DEPTH and not head.startswith(_MAGIC):
                        self._refuse(str(path))
                    return
                data = head + file.read(MAX_XML_BYTES)
        except OSError:
            return  # absent or closed to us: GDAL will say it
        if len(data) > MAX_XML_BYTES:
            self._refuse(f"{path} (> {MAX_XML_BYTES} bytes)")
        self._follow_xml(data.decode("utf-8-sig", errors="replace"), path.parent, depth)

    def _follow_xml(self, text: str, folder: Path, depth: int) -> None:
        if depth <= 0 or "<!DOCTYPE" in text or "<!ENTITY" in text:
            self._refuse("VRT > VRT > VRT" if depth <= 0 else "<!DOCTYPE")
        try:
            root = ElementTree.fromstring(text)  # nosec B314 - no DOCTYPE, hence no entity to expand
        except ElementTree.ParseError as error:
            # GDAL's parser is more lenient: it would read what nobody has looked through.
            raise RefusedSourceError.inside(self.given, f"XML ({error})") from error
        for tag, value in _values(root):
            if tag in _FORBIDDEN:
                self._refuse(tag)
            if tag not in _HARMLESS and not _NUMBERS.fullmatch(value) and not _AUTHORITY.fullmatch(value):
                self._follow_value(value, folder, depth, is_name=tag in _NAMES)

    def _follow_value(self, value: str, folder: Path, depth: int, *, is_name: bool) -> None:
        lowered = value.lower()
        if value.startswith("<"):
            self._follow_xml(value, folder, depth - 1)
        elif "/vsi" in lowered or "\\vsi" in lowered or "://" in lowered:
            address = re.sub(r"^(/vsicurl/|wmts:|wms:)", "", value, flags=re.IGNORECASE)
            if "/vsi" in address.lower() or not self.policy.allows_url(address):
                self._refuse(shown(value))
            if address not in self.asked:
                self.asked.add(address)
                check_redirects(address, self.policy)
        elif _PREFIX.match(value) and is_name:
            self._refuse(value)
        else:
            self._follow_path(value, folder, depth, is_name=is_name)

    def _follow_path(self, value: str, folder: Path, depth: int, *, is_name: bool) -> None:
        # GDAL takes a name from the VRT's folder or from the working one, as an attribute says.
        for text in {value, value.rpartition(":")[2]}:
            for path in (folder / text, Path(text).absolute()):
                try:
                    exists = path.is_file()
                except (OSError, ValueError):
                    continue
                if exists:
                    self.follow(path, depth - 1)
                elif is_name and Path(text).is_absolute():
                    self._refuse(value)

    def _refuse(self, found: str) -> None:
        raise RefusedSourceError.inside(self.given, found)


def _values(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Every text of a document with the name, in lower case, of the element or attribute that holds it."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2].lower()
        yield tag, (element.text or "").strip()
        yield tag, (element.tail or "").strip()
        for name, value in element.attrib.items():
            yield name.lower(), value.strip()
