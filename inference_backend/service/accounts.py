# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may use the service: one token of the environment, or a file of named tokens with their limits."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import sys
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from inference_backend.contracts.service import TOKEN_ENVIRONMENT
from inference_backend.errors import BackendError, ConfigError
from inference_backend.service.jobs.job_row import ANYONE

MIN_TOKEN_CHARACTERS = 16
GIBIBYTE = 2**30
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class TokenError(BackendError):
    """No token, or one that could be guessed: `minimum`."""

    templates = {
        "en": "OCSGE_TOKEN: the access token is missing or shorter than {minimum} characters. Set one that "
        "only you know, for instance: OCSGE_TOKEN=$(openssl rand -hex 32) ocsge serve",
        "fr": "OCSGE_TOKEN : le jeton d'accès manque ou compte moins de {minimum} caractères. Donnez-en un "
        "que vous seul connaissez, par exemple : OCSGE_TOKEN=$(openssl rand -hex 32) ocsge serve",
    }


class TokenFileError(ConfigError):
    """A file of tokens that cannot be used: `path`, `reason_en`, `reason_fr`."""

    templates = {
        "en": "{path}: cannot be used as a list of tokens: {reason_en}.",
        "fr": "{path} : inutilisable comme liste de jetons : {reason_fr}.",
    }


@dataclass(frozen=True)
class Account:
    """One token and what its holder may do.

    Attributes:
        name: owner of jobs and files; also in the log.
        digest: SHA-256 of the token.
        max_running: jobs at the same time.
        max_unfinished: jobs that wait or run.
        upload_bytes: files sent and kept here, bytes; results do not count.
        requests_per_minute: mean rate; bursts of ten seconds' worth pass.
    """

    name: str
    digest: bytes
    max_running: int = 1_000
    max_unfinished: int = 200
    upload_bytes: int = 100 * GIBIBYTE
    requests_per_minute: int = 6_000


class Accounts:
    """All accounts of a server."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = accounts
        self._by_name = {account.name: account for account in accounts}

    def of_token(self, token: str) -> Account | None:
        """The account of a token; every one is compared, so that the time tells nothing."""
        digest = _digest(token)
        found = None
        for account in self._accounts:
            if hmac.compare_digest(account.digest, digest):
                found = account
        return found

    def named(self, name: str) -> Account | None:
        """The account of that name."""
        return self._by_name.get(name)

    def share(self, name: str) -> int:
        """Jobs that the owner of that name may run at the same time; 1 for one who has lost the token."""
        account = self._by_name.get(name)
        return account.max_running if account else 1


def accounts_of_environment() -> Accounts:
    """The one account of OCSGE_TOKEN, which is taken out of the environment so that no child sees it.

    There is no default: a generated token would have to be shown, and a shown token ends up in logs.

    Raises:
        TokenError: missing or too short.
    """
    token = os.environ.pop(TOKEN_ENVIRONMENT, "")
    if len(token) < MIN_TOKEN_CHARACTERS:
        raise TokenError(minimum=MIN_TOKEN_CHARACTERS)
    return Accounts((Account(ANYONE, _digest(token)),))


def read_accounts(path: Path) -> Accounts:
    """The accounts of a TOML file: tables `[name]` with `token` and, where wanted, the limits.

    Raises:
        TokenFileError: unreadable, open to other users, or a table that is not as it must be.
    """
    os.environ.pop(TOKEN_ENVIRONMENT, None)
    try:
        if sys.platform != "win32" and path.stat().st_mode & 0o077:
            raise _unusable(
                path,
                f"other users may read it. Type: chmod 600 {path}",
                f"d'autres comptes peuvent le lire. Tapez : chmod 600 {path}",
            )
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise _unusable(path, reason, reason) from error
    accounts = tuple(_account(path, name, table) for name, table in tables.items())
    if not accounts:
        raise _unusable(path, "it holds no token", "il ne contient aucun jeton")
    if len({account.digest for account in accounts}) < len(accounts):
        raise _unusable(path, "two accounts have the same token", "deux comptes ont le même jeton")
    return Accounts(accounts)


def _account(path: Path, name: str, table: Any) -> Account:
    limits = {field.name for field in fields(Account)} - {"name", "digest"}
    if not _NAME.fullmatch(name):
        raise _unusable(
            path,
            f"[{name}]: a name has small letters, digits, - and _",
            f"[{name}] : un nom comporte des minuscules, des chiffres, - et _",
        )
    token = table.get("token") if isinstance(table, dict) else None
    if not isinstance(token, str) or len(token) < MIN_TOKEN_CHARACTERS:
        raise _unusable(
            path,
            f"[{name}]: `token` must have {MIN_TOKEN_CHARACTERS} characters or more",
            f"[{name}] : `token` doit compter au moins {MIN_TOKEN_CHARACTERS} caractères",
        )
    given = {key: value for key, value in table.items() if key != "token"}
    for key, value in given.items():
        if key not in limits or type(value) is not int or value < 1:
            known = ", ".join(sorted(limits))
            raise _unusable(
                path,
                f"[{name}]: `{key}` is no limit with a whole number. Known: {known}",
                f"[{name}] : `{key}` n'est pas une limite à valeur entière. Connues : {known}",
            )
    return Account(name, _digest(token), **given)


def _unusable(path: Path, reason_en: str, reason_fr: str) -> TokenFileError:
    return TokenFileError(path=path, reason_en=reason_en, reason_fr=reason_fr)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
