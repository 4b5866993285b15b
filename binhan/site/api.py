"""The API as one document: every context's router, and one way to say no."""
from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from psycopg.errors import UniqueViolation
from pydantic import create_model
from typing_extensions import get_type_hints

from binhan.commons.access.api import BearerToken, StaffSession
from binhan.commons.access.middleware import AWAY, HELD
from binhan.commons.context import contexts, lifecycles
from binhan.commons.journal.actions import is_held
from binhan.commons.wire import LifecycleTable
from binhan.kernel.errors import CONTENT_TYPE, Problem
from binhan.live.http import parse_json

log = logging.getLogger(__name__)
WORDS = ("type", "title", "code", "detail", "detail_en")
SCHEMAS: dict[str, Any] = {
    "Problem": {"type": "object", "required": ["status", *WORDS],
                "properties": {"status": {"type": "integer"}, **dict.fromkeys(WORDS, {"type": "string"})}},
    "LostRace": {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", "properties": {
        "state": {"type": "string"}, "moved_by": {"type": "string"},
        "moved_at": {"type": "string", "format": "date-time"}}}]}}
REFUSALS: dict[str, Any] = {
    name: {"description": says, "content": {CONTENT_TYPE: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    for name, says in (("Problem", "Refused, nothing changed: a sentence for people (detail), a code for programs."),
                       ("LostRace", "Somebody else was first: the present state, and who moved it there and when."))}


class StrictJson(Parser):
    """Bodies read as on the hot path: no NaN, no Infinity, no key twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of the body."""
        return parse_json(request.body)


class Api(NinjaAPI):
    """NinjaAPI that also documents how it refuses, and in which the order of the contexts hides no address."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        """Addresses, at each step a fixed word before a parameter: /rounds/{id}/revisits is asked before
        /rounds/{id}/{verb}, whichever context brings it."""
        return sorted(super()._get_urls(), key=lambda one: [part.startswith("<") for part in str(one.pattern).split("/")])

    def get_openapi_schema(self, **options: Any) -> Any:
        """The document, with a problem as every operation's refusal."""
        schema = super().get_openapi_schema(**options)
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                own = {str(status): answer for status, answer in operation["responses"].items()}
                problem, race = ({"$ref": f"#/components/responses/{name}"} for name in REFUSALS)
                moves = {"409": race} if path.endswith("/{verb}") else {}
                operation["responses"] = {**own, **moves, "4XX": problem, "5XX": problem}
        schema["components"]["schemas"].update(SCHEMAS)
        schema["components"]["responses"] = REFUSALS
        return schema


api = Api(title="Bình An", version="1", urls_namespace="api", docs_url=None, openapi_url="/openapi.json",
          auth=[BearerToken(), StaffSession()], parser=StrictJson())
for _router in (router for context in contexts() for router in context.routers):
    api.add_router("/", _router)


def _code_lists() -> Iterator[tuple[str, Any]]:
    """The code lists of every context by name, each with its type."""
    for context in contexts():
        told = get_type_hints(context.code_lists).get("return", dict)
        yield from get_type_hints(told, include_extras=True).items()


Lifecycles: Any = create_model("Lifecycles", lifecycles=dict[str, LifecycleTable], **dict(_code_lists()))


@api.get("/lifecycles", response=Lifecycles, auth=None)
def get_lifecycles(request: HttpRequest) -> Any:
    """Every lifecycle table, and the code lists that its needs refer to."""
    lists = {name: rows for context in contexts() for name, rows in context.code_lists().items()}
    return {"lifecycles": {lifecycle.name: lifecycle.as_json() for lifecycle in lifecycles()}, **lists}


def problem_response(problem: Problem) -> HttpResponse:
    """A Problem as application/problem+json."""
    return HttpResponse(json.dumps(problem.body(), ensure_ascii=False, default=str), status=problem.status,
                        content_type=CONTENT_TYPE)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, exc: Problem) -> HttpResponse:
    """Our own refusals."""
    return problem_response(exc)


@api.exception_handler(ValidationError)
def on_validation(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """A body or query of the wrong shape: every field at fault is named, nothing was written."""
    fields = [{"field": ".".join(str(p) for p in e["loc"] if p not in ("body", "query", "path")), "error": e["msg"]}
              for e in exc.errors]
    names = ", ".join(f["field"] for f in fields if f["field"]) or "nội dung"
    return problem_response(Problem(422, "invalid", f"Dữ liệu chưa đúng: {names}. Hãy sửa rồi gửi lại.",
                                    f"Invalid input: {names}. Correct it and send again.", fields=fields))


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """Nobody is signed in, or the token has ended."""
    return problem_response(Problem(401, "sign_in", "Hãy đăng nhập để tiếp tục.", "Sign in to continue."))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, exc: Http404) -> HttpResponse:
    """No such thing."""
    return problem_response(Problem(404, "not_found", "Không tìm thấy.", "Not found."))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """The framework's own refusals: broken JSON, a missing CSRF token."""
    if exc.status_code == 400:
        problem = Problem(400, "bad_request", "Nội dung gửi lên không phải JSON hợp lệ.", "The body is not valid JSON.")
    else:
        problem = Problem(exc.status_code, "refused", "Yêu cầu bị từ chối. Hãy tải lại trang rồi thử lại.", str(exc))
    return problem_response(problem)


@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, exc: RequestDataTooBig) -> HttpResponse:
    """More than any of our bodies needs."""
    return problem_response(Problem(413, "too_large", "Nội dung quá lớn (tối đa 1 MB).", "The body is over 1 MB."))


@api.exception_handler(IntegrityError)
def on_clash(request: HttpRequest, exc: IntegrityError) -> HttpResponse:
    """An id that the client made and that another record, perhaps of another ward, already carries."""
    if not isinstance(exc.__cause__, UniqueViolation):
        raise exc
    return problem_response(Problem(409, "id_taken", "Mã này đã dùng cho bản ghi khác. Hãy tạo mã mới rồi gửi lại.",
                                    "This id belongs to another record. Make a new one and send again."))


@api.exception_handler(DataError)
def on_data_error(request: HttpRequest, exc: DataError) -> HttpResponse:
    """A value that no column can hold."""
    return problem_response(Problem(422, "invalid", "Dữ liệu có giá trị không lưu được. Hãy sửa rồi gửi lại.",
                                    "A value cannot be stored. Correct it and send again."))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def on_database_away(request: HttpRequest, exc: OperationalError) -> HttpResponse:
    """The database is restarting, full, or undid this transaction for another's sake: nothing was written."""
    log.warning("database: %s", str(exc).strip().splitlines()[0])
    return problem_response(HELD if is_held(exc) else AWAY)


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document, as GET /api/openapi.json gives it."""
    schema: dict[str, Any] = api.get_openapi_schema()
    return schema
