"""Problems: an error that a person can read (Vietnamese, English) and a machine can sort (RFC 9457)."""
from __future__ import annotations

from typing import Any

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """Refusal with an HTTP status, a stable `code`, and a sentence that says what to do next.

    `extra` is merged into the JSON body (for example `state`, `moved_by`, `fields`).
    """

    def __init__(self, status: int, code: str, vi: str, en: str, **extra: Any) -> None:
        super().__init__(f"{code}: {en}")
        self.status = status
        self.code = code
        self.vi = vi
        self.en = en
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The problem+json document."""
        return {
            "type": f"urn:binhan:problem:{self.code}",
            "title": self.code.replace("_", " "),
            "status": self.status,
            "code": self.code,
            "detail": self.vi,
            "detail_en": self.en,
            **self.extra,
        }


def not_found(noun_vi: str, noun_en: str) -> Problem:
    """404 for a record that does not exist or is not yours to see: the two must look alike."""
    return Problem(404, "not_found", f"Không tìm thấy {noun_vi}. Hãy kiểm tra lại đường dẫn.",
                   f"No such {noun_en}. Check the address.")


def forbidden(vi: str, en: str) -> Problem:
    """403: known, but not with these rights."""
    return Problem(403, "forbidden", vi, en)
