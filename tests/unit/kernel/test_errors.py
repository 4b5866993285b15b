"""A refusal: one shape, for a person in either language and for a program."""
from __future__ import annotations

from binhan.kernel.errors import Problem, forbidden, not_found


def test_the_document_has_the_code_both_languages_and_whatever_more_is_known() -> None:
    problem = Problem(409, "state_changed", "Đã có người tiếp nhận.", "Somebody was first.", state="acknowledged")
    assert problem.body() == {
        "type": "urn:binhan:problem:state_changed", "title": "state changed", "status": 409, "code": "state_changed",
        "detail": "Đã có người tiếp nhận.", "detail_en": "Somebody was first.", "state": "acknowledged"}
    assert str(problem) == "state_changed: Somebody was first."


def test_what_is_not_there_and_what_is_not_yours() -> None:
    absent, closed = not_found("vụ việc", "incident"), forbidden("Không có quyền.", "Not yours.")
    assert (absent.status, absent.code, closed.status, closed.code) == (404, "not_found", 403, "forbidden")
    assert "vụ việc" in absent.vi
    assert "incident" in absent.en
