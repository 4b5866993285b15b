"""Templates say the same in both languages, and waiting grows."""
from __future__ import annotations

from dataclasses import replace

from binhan.commons.context import messages
from binhan.commons.notify.rules import ATTEMPTS, Template, retry_after_s
from binhan.kernel.words import Words


def test_every_template_speaks_both_languages_and_opens_a_page_of_ours() -> None:
    for code, template in messages().items():
        assert list(template.problems()) == [], code
        assert template.title.vi != template.title.en and template.body.vi != template.body.en, code


def test_a_template_that_is_half_there_is_noticed() -> None:
    sound = Template(Words("Có {n} việc", "Work"), Words("Còn {n} việc", "{n} things left"), "/office/", 60)
    assert list(sound.problems()) == []
    assert list(replace(sound, title=Words("Việc", "")).problems()) == ["is not there in both languages"]
    assert list(replace(sound, body=Words("Còn {n} việc", "{m} left")).problems()) == [
        "counts other things in Vietnamese than in English"]
    assert list(replace(sound, ttl_s=0).problems()) == ["opens no page of ours, or is never worth sending"]


def test_waiting_doubles_and_stays_within_half_a_minute() -> None:
    waits = [retry_after_s(n) for n in range(1, ATTEMPTS + 1)]
    assert waits == [1, 2, 4, 8, 16, 32]
    assert retry_after_s(0) == 1 and retry_after_s(50) == 32
