"""The pages a signed-in person comes to by following links, each with the route it belongs to."""

import html
import re
from collections import defaultdict

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

LOOKED_INTO = 8  # of one route: vials in different states lead to different pages
DOWNLOAD = re.compile(r"\.(pdf|csv|svg|xlsx|json|jsonl)(\?|$)")
LINK = re.compile(r'href="(/[^"#]*)')


def reachable(app: Flask, page: Page) -> dict[str, list[str]]:
    """Route endpoint → paths of it that links lead to; downloads and fragments are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        endpoint = _endpoint(app, path)
        if endpoint is None or len(found[endpoint]) >= LOOKED_INTO:
            continue
        answer = page.request.get(path)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        found[endpoint].append(path)
        links = {html.unescape(link) for link in LINK.findall(answer.text())} - seen
        seen |= links
        waiting += sorted(links)
    return {endpoint: paths for endpoint, paths in found.items() if paths}


def _endpoint(app: Flask, path: str) -> str | None:
    if path.startswith(("/static/", "/api/")) or DOWNLOAD.search(path):
        return None
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0])
    except HTTPException:
        return None
    return str(endpoint)
