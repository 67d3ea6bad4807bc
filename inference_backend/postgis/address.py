# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a shared lot is, as one writes it on a command line, and connecting to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from inference_backend.errors import ConfigError, OutputError

_SCHEMA = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")
_CONNECT_TIMEOUT_S = 10


@dataclass(frozen=True)
class LotAddress:
    """A schema of a database.

    Attributes:
        conninfo: libpq's text or URI; secrets belong into a service or password file.
        schema: the lot's own.
    """

    conninfo: str
    schema: str

    @classmethod
    def parse(cls, text: str) -> LotAddress:
        """Read `SERVICE/SCHEMA`, `host=… dbname=…/SCHEMA` or `postgresql://…/DATABASE/SCHEMA`.

        Raises:
            ConfigError: no schema, or a name that is none.
        """
        place, _, schema = text.rpartition("/")
        if not place or not _SCHEMA.match(schema):
            raise ConfigError(
                path=text,
                problem_en="not SERVICE/SCHEMA with a schema of letters, digits and underscores",
                problem_fr="il faut SERVICE/SCHÉMA, le schéma en lettres sans accent, chiffres et tirets bas",
                remedy_en="Name a service of pg_service.conf or a connection text of libpq, then the schema.",
                remedy_fr="Nommez un service de pg_service.conf ou une connexion libpq, puis le schéma.",
            )
        return cls(place if "=" in place or "://" in place else f"service={place}", schema)

    @property
    def label(self) -> str:
        """What messages call it; never a password."""
        shown = re.sub(r"password=\S+", "password=…", self.conninfo)
        shown = re.sub(r"(://[^:/@]+):[^@]*@", r"\1:…@", shown)
        return f"{shown.removeprefix('service=')}/{self.schema}"


@contextmanager
def connected(address: LotAddress, is_one_transaction: bool = True) -> Iterator[Any]:
    """A connection of psycopg2, in one transaction that is kept on success only.

    Args:
        address: where.
        is_one_transaction: False for statements that the server refuses within one, each kept at once.

    Raises:
        ConfigError: the server does not answer, or refuses the account.
        OutputError: it refuses a statement.
    """
    # Heavy where no database is used: imported here.
    import psycopg2

    try:
        connection = psycopg2.connect(
            address.conninfo, connect_timeout=_CONNECT_TIMEOUT_S, application_name="ocsge"
        )
    except psycopg2.Error as error:
        raise ConfigError(
            path=address.label,
            problem_en=f"no connection ({_first_line(error)})",
            problem_fr=f"connexion impossible ({_first_line(error)})",
            remedy_en="Check the service, the account and the network.",
            remedy_fr="Vérifiez le service, le compte et le réseau.",
        ) from error
    try:
        connection.autocommit = not is_one_transaction
        with connection if is_one_transaction else nullcontext():
            yield connection
    except psycopg2.Error as error:
        raise OutputError(path=address.label, reason=_first_line(error)) from error
    finally:
        connection.close()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
