# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens, rates and sessions, without any server."""

from __future__ import annotations

import sys

import pytest

from inference_backend.service.accounts import TokenFileError, read_accounts
from inference_backend.service.web import rate
from inference_backend.service.web.rate import Buckets
from inference_backend.service.web.sessions import Sessions, set_cookie

ANNA, BOB = "a" * 32, "b" * 32


def token_file(tmp_path, text, mode=0o600):
    path = tmp_path / "tokens.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_each_token_is_an_account_with_its_limits(tmp_path):
    text = f'[anna]\ntoken = "{ANNA}"\nmax_running = 2\n[bob]\ntoken = "{BOB}"\n'
    accounts = read_accounts(token_file(tmp_path, text))
    assert accounts.of_token(ANNA).name == "anna"
    assert accounts.of_token(BOB).max_running > 2
    assert [accounts.share(name) for name in ("anna", "stranger")] == [2, 1]
    for wrong in ("", ANNA[:-1], ANNA + "a", "é", "\udcff"):
        assert accounts.of_token(wrong) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no token"),
        ("[anna]\n", "16 characters"),
        ('[anna]\ntoken = "short"\n', "16 characters"),
        (f'["An na"]\ntoken = "{ANNA}"\n', "small letters"),
        (f'[anna]\ntoken = "{ANNA}"\nmax_jobs = 3\n', "max_jobs"),
        (f'[anna]\ntoken = "{ANNA}"\nmax_running = true\n', "max_running"),
        (f'[anna]\ntoken = "{ANNA}"\n[bob]\ntoken = "{ANNA}"\n', "same token"),
        ("anna = 3\n", "16 characters"),
        ("[anna", "table declaration"),
    ],
)
def test_a_file_of_tokens_that_cannot_be_used_says_why_and_shows_no_token(tmp_path, text, reason):
    with pytest.raises(TokenFileError, match=reason) as raised:
        read_accounts(token_file(tmp_path, text))
    assert ANNA not in str(raised.value)
    assert raised.value.text("fr") != raised.value.text("en")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_file_of_tokens_that_others_may_read_is_refused(tmp_path):
    with pytest.raises(TokenFileError, match="chmod 600"):
        read_accounts(token_file(tmp_path, f'[anna]\ntoken = "{ANNA}"\n', 0o640))


def test_a_bucket_lets_a_burst_through_and_then_says_how_long_to_wait():
    buckets = Buckets(burst_s=10)
    waits = [buckets.take("anna", 60) for _ in range(12)]
    assert waits[:10] == [0.0] * 10
    assert 0 < waits[-1] <= 1
    assert buckets.take("bob", 60) == 0


def test_strangers_cannot_fill_the_memory(monkeypatch):
    monkeypatch.setattr(rate, "MOST_KEYS", 5)
    buckets = Buckets()
    for number in range(20):
        buckets.take(str(number), 60)
    assert len(buckets._buckets) == 5


def test_a_session_is_known_by_its_cookie_until_it_is_closed(tmp_path):
    accounts = read_accounts(token_file(tmp_path, f'[anna]\ntoken = "{ANNA}"\n'))
    sessions = Sessions()
    value = sessions.open(accounts.named("anna"))
    header = f"other=1; ocsge_session={value}"
    assert sessions.of_cookie(header).name == "anna"
    assert sessions.of_cookie(f"ocsge_session={value}x") is None
    assert ANNA not in value
    sessions.close(header)
    assert sessions.of_cookie(header) is None


def test_a_cookie_is_kept_from_scripts_and_other_sites():
    assert {"HttpOnly", "SameSite=Strict", "Secure"} <= set(set_cookie("v", secure=True).split("; "))
