"""Badges and sessions of people: issue, print, revoke; end one of one's own."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, url_for

from radiopharm.core.actions import Action
from radiopharm.documents.badges import Badge, badge
from radiopharm.services import badges as service
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads

bp = Blueprint("badges", __name__)


@bp.post("/accounts/<username>/badge")
def issue(username: str) -> Any:
    """A new badge; the one before counts no more."""

    def work(act: Act) -> dict[str, Any]:
        service.issue(act, username)
        return {}

    access.act(work)
    flash("The badge is made. Print it; an older one no longer counts.", "ok")
    return redirect(url_for("accounts.show"), 303)


@bp.post("/accounts/<username>/badge/revoke")
def revoke(username: str) -> Any:
    """Let a lost badge name nobody."""

    def work(act: Act) -> dict[str, Any]:
        service.revoke(act, username)
        return {}

    access.act(work)
    flash("The badge names nobody now.", "ok")
    return redirect(url_for("accounts.show"), 303)


@bp.post("/accounts/<username>/badge.pdf")
def printed(username: str) -> Response:
    """The badge to print; each print is recorded."""
    site = access.actor().site
    with access.runtime().reading() as db:
        code, name = service.named(db, site.id, username)

    def work(act: Act) -> dict[str, Any]:
        act.record(Action.DOCUMENT_PRINTED, f"user:{username}", document="badge")
        return {}

    access.act(work)
    content = badge(Badge(code=code, name=name, site=site.name, printed_at=g.now))
    return downloads.opened(content, f"badge-{username}.pdf")
