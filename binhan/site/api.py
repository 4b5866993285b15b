"""The API as one document: every context's router, and one way to say no."""
from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from binhan.commons.access.api import BearerToken, StaffSession
from binhan.commons.access.api import router as access_router
from binhan.commons.notify.api import router as notify_router
from binhan.commons.places.api import router as places_router
from binhan.kernel.errors import CONTENT_TYPE, Problem
from binhan.live.http import parse_json
from binhan.sos.api import routers as sos_routers


class StrictJson(Parser):
    """Bodies read as on the hot path: no NaN, no Infinity, no key twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of the body."""
        return parse_json(request.body)


api = NinjaAPI(title="Bình An", version="1", urls_namespace="api", docs_url=None, openapi_url="/openapi.json",
               auth=[BearerToken(), StaffSession()], parser=StrictJson())
for _prefix, _router in [*sos_routers, ("/", access_router), ("/", notify_router), ("/", places_router)]:
    api.add_router(_prefix, _router)


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


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document, as GET /api/openapi.json gives it."""
    schema: dict[str, Any] = api.get_openapi_schema()
    return schema
