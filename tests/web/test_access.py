"""The reviewed table of who may call what, held against every route and every role."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from radiopharm.runtime import Runtime
from radiopharm.services.accounts import ROLES
from tests.doors import Api, Pages

ENDS_THE_SESSION = ("door.leave", "door.lock")
ASKED = [*(("sqlite", role) for role in ROLES), ("postgresql", "safety_officer")]
"""The table is one for all databases; that a route answers at all is asked of each."""
PLACEHOLDER = 9_876_543_210  # a record nobody wrote, ten letters long as a patient reference is


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with each method it answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: PLACEHOLDER for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=None)


def is_api(rule: Rule) -> bool:
    return rule.rule.startswith("/api/")


def test_the_reviewed_table_names_every_route_and_nothing_else(
    app: Flask, runtime: Runtime
) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(runtime.access.routes)


@pytest.mark.requirement("RQ-48")
@pytest.mark.parametrize(("url", "role"), ASKED, indirect=["url"])
def test_a_page_answers_a_role_exactly_as_the_table_says(
    app: Flask, runtime: Runtime, pages: Callable[[str], Pages], role: str
) -> None:
    browser, wrong = pages(role), []
    for rule, method in routes(app):
        if is_api(rule):
            continue
        address = path(app, rule)
        answer = browser.get(address) if method == "GET" else browser.post(address, {})
        if rule.endpoint in ENDS_THE_SESSION:
            browser = pages(role)
        refused = answer.status_code == 403
        if refused is runtime.access.allows(rule.endpoint, frozenset({role})):
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []


@pytest.mark.requirement("RQ-48")
@pytest.mark.parametrize(("url", "role"), ASKED, indirect=["url"])
def test_a_call_answers_a_role_exactly_as_the_table_says(
    app: Flask, runtime: Runtime, api: Callable[[str], Api], role: str
) -> None:
    client, wrong = api(role), []
    for rule, method in routes(app):
        if not is_api(rule):
            continue
        address = path(app, rule).removeprefix("/api/v1")
        answer = client.get(address) if method == "GET" else client.post(address, {})
        refused = answer.status_code == 403
        if refused is runtime.access.allows(rule.endpoint, frozenset({role})):
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []


def test_a_stranger_sees_what_is_public_and_nothing_else(app: Flask, runtime: Runtime) -> None:
    stranger, wrong = app.test_client(), []
    for rule, method in routes(app):
        if runtime.access.is_public(rule.endpoint):
            continue
        answer = stranger.open(path(app, rule), method=method, json={} if is_api(rule) else None)
        turned_away = 401 if is_api(rule) else (403 if method != "GET" else 302)
        if answer.status_code != turned_away:
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []
