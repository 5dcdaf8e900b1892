"""The two doors as tests use them: JSON with a token, pages with a signed-in browser."""

import itertools
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests import hospital

_keys = itertools.count()


class Api:
    """JSON calls with one person's token; every POST has a new idempotency key unless given."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: str) -> TestResponse:
        address = f"/api/v1{path}"
        return self._client.get(address, query_string=query, headers=self._headers, buffered=True)

    def post(
        self,
        path: str,
        body: Any,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        unique = {"Idempotency-Key": key or f"test-{next(_keys)}"}
        headers = {**self._headers, **unique, **(headers or {})}
        return self._client.post(f"/api/v1{path}", json=body, headers=headers)


class Pages:
    """A browser without script, signed in as one person."""

    def __init__(self, app: Flask, username: str) -> None:
        self._client = app.test_client()
        self.post(
            "/sign-in", {"username": username, "password": hospital.PASSWORD}, seen="/sign-in"
        )

    def get(
        self, path: str, *, headers: dict[str, str] | None = None, **query: str
    ) -> TestResponse:
        return self._client.get(path, query_string=query or None, headers=headers, buffered=True)

    def post(self, path: str, form: dict[str, str], *, seen: str = "/calculator") -> TestResponse:
        """Send a form with the CSRF token of a page seen before."""
        return self.send(path, {"csrf_token": self.token(seen), **form})

    def send(self, path: str, form: dict[str, str]) -> TestResponse:
        """Send a form as it is."""
        return self._client.post(path, data=form)

    def token(self, seen: str = "/calculator") -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self._client.get(seen).text)
        assert found is not None
        return found[1]

    def cookie(self, name: str) -> str:
        """What this browser brings under a name."""
        found = self._client.get_cookie(name)
        assert found is not None
        return found.value

    def bring(self, name: str, value: str) -> None:
        """Let this browser bring a cookie."""
        self._client.set_cookie(name, value)
