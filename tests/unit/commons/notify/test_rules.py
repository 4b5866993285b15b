"""Templates say the same in both languages, and waiting grows."""
from __future__ import annotations

from binhan.commons.notify.rules import ATTEMPTS, TEMPLATES, retry_after_s


def test_every_template_speaks_both_languages_and_opens_a_page_of_ours() -> None:
    for code, template in TEMPLATES.items():
        assert all(text.strip() for text in (*template.vi, *template.en)), code
        assert template.vi != template.en and template.url.startswith("/") and template.ttl_s > 0


def test_waiting_doubles_and_stays_within_half_a_minute() -> None:
    waits = [retry_after_s(n) for n in range(1, ATTEMPTS + 1)]
    assert waits == [1, 2, 4, 8, 16, 32]
    assert retry_after_s(0) == 1 and retry_after_s(50) == 32
