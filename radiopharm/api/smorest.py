"""flask-smorest bent to the house: our decoder, our problems, our guard."""

from flask import Response, g
from flask_smorest import Api, Blueprint

from radiopharm.api import access, problems
from radiopharm.api.decoding import StrictParser
from radiopharm.api.schemas import Problem

PREFIX = "/api/v1"


class JsonBlueprint(Blueprint):
    """Routes about one noun, under /api/v1, behind the guard."""

    ARGUMENTS_PARSER = StrictParser()
    PAGINATION_HEADER_NAME = None

    def __init__(self, name: str, path: str, description: str) -> None:
        super().__init__(f"api_{name}", name, url_prefix=PREFIX + path, description=description)
        self.before_request(access.check)
        self.after_request(_mark_replay)
        self.register_error_handler(Exception, problems.answer)


class JsonApi(Api):
    """Leaves other rooms' errors alone: smorest would answer the whole application in JSON."""

    def _register_error_handlers(self) -> None:
        return None


def describe(api: Api) -> None:
    """What every operation shares in the OpenAPI document: the token and the problem shape."""
    token = {"type": "http", "scheme": "bearer"}
    api.spec.components.security_scheme("token", token)
    api.spec.options["security"] = [{"token": []}]
    api.spec.components.schema("Problem", schema=Problem)


def _mark_replay(response: Response) -> Response:
    if g.get("replayed"):
        response.headers["Idempotent-Replay"] = "true"
    return response
