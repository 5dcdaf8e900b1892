"""flask-smorest bent to the house: our decoder, our problems, our guard."""

from http import HTTPStatus
from typing import Any

from flask import Response, g
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response

from radiopharm.api import access, problems
from radiopharm.api.decoding import StrictParser
from radiopharm.api.schemas import Problem

PREFIX = "/api/v1"
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "New for each act; the same key does the same act only once.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": access.MAX_KEY,
        "pattern": "^[!-~]+$",
    },
}


class JsonBlueprint(Blueprint):
    """Routes about one noun, under /api/v1, behind the guard."""

    ARGUMENTS_PARSER = StrictParser()
    PAGINATION_HEADER_NAME = None

    def __init__(self, name: str, path: str, description: str) -> None:
        super().__init__(f"api_{name}", name, url_prefix=PREFIX + path, description=description)
        self.before_request(access.check)
        self.after_request(_mark_replay)
        self.register_error_handler(Exception, problems.answer)

    def response(self, status_code: int, *args: Any, **kwargs: Any) -> Any:
        """As in smorest; what makes something also documents the key that makes it once."""
        answered = super().response(status_code, *args, **kwargs)
        if status_code != 201:
            return answered
        keyed = self.doc(parameters=[KEY])
        return lambda view: keyed(answered(view))


class JsonApi(Api):
    """Leaves other rooms' errors alone (smorest would answer the whole application in JSON), and
    describes ours as what they are: problem documents."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        return None

    def _register_responses(self) -> None:
        for name in ("DEFAULT_ERROR", *(status.name for status in HTTPStatus)):
            said = {"description": "A problem, with every reason.", "schema": Problem}
            prepare_response(said, self.spec, "application/problem+json")
            self.spec.components.response(name, said, lazy=True)


def describe(api: Api) -> None:
    """What every operation shares in the OpenAPI document: the token."""
    token = {"type": "http", "scheme": "bearer"}
    api.spec.components.security_scheme("token", token)
    api.spec.options["security"] = [{"token": []}]


def _mark_replay(response: Response) -> Response:
    if g.get("replayed"):
        response.headers["Idempotent-Replay"] = "true"
    return response
