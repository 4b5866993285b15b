"""Files over HTTP: in parts, whole or not at all, what they say they are, seen by whom their subject is seen."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from binhan.casework.listening.models import Issue
from binhan.casework.visits.models import Visit
from binhan.commons.access.queries import rights_of
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import set_policy
from binhan.commons.clocks.models import Policy
from binhan.commons.files.actions import Attachment, attach_file, erase_files_of, sweep_files, sweep_orphans
from binhan.commons.files.models import File, Part
from binhan.commons.files.tasks import Housekeeping
from binhan.commons.journal.models import Entry
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit
from tests.support.pictures import archive, bomb, photo, webm, with_gps

pytestmark = pytest.mark.django_db
PART = 256 * 1024


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def team() -> Client:
    return client("team_member")


class Sent:
    """A file as a phone sends it."""

    def __init__(self, content: bytes, kind: str = "photo", mime: str = "image/jpeg", **more: Any) -> None:
        self.id, self.content = new_id(), content
        self.said = {"ward": HOME, "kind": kind, "mime": mime, "size": len(content),
                     "sha256": hashlib.sha256(content).hexdigest(), **more}

    def put(self, who: Client, offset: int, upto: int | None = None, status: int = 200, **more: Any) -> Any:
        """One part of it."""
        part = self.content[offset:upto if upto is not None else offset + PART]
        answer = who.put(f"/api/files/{self.id}?{urlencode({**self.said, 'offset': offset, **more})}", part,
                         content_type="application/octet-stream")
        again()
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def whole(self, who: Client) -> UUID:
        """All of it."""
        for offset in range(0, len(self.content), PART):
            answer = self.put(who, offset)
        assert answer["done"] is True
        return self.id

    def attach(self, who: Client, subject_kind: str, subject: Any, actor: str = "", **more: Any) -> str:
        """As the outbox does."""
        account = who.account  # type: ignore[attr-defined]
        given = Attachment(self.id, self.said["kind"], len(self.content), self.said["sha256"], subject_kind,
                           UUID(str(subject)))
        return attach_file(HOME, actor or account.actor, replace(given, **more), rights_of(account))


def content(who: Client, key: UUID, status: int = 200) -> bytes:
    answer = who.get(f"/api/files/{key}")
    again()
    assert answer.status_code == status, answer.content
    return bytes(answer.content)


@pytest.fixture
def at_the_door() -> tuple[UUID, Client, Client]:
    """A visit, its team, and the office."""
    area, doors = khu_pho("KP Thử 1", 2)
    office = client("leadership")
    row, team = open_round(office, area), client("team_member", area.id)
    said = visit(row, doors[0])
    assert send(team, said) == ["stored"]
    return UUID(said["id"]), team, office


def issue(who: Client, visit_id: UUID, kind: str = "report", **fields: Any) -> UUID:
    key = new_id()
    words = {} if kind not in ("report", "request") else {"words": "Hẻm ngập"}
    call(who, "post", "/issues", {"issues": [{"id": str(key), "visit": str(visit_id), "kind": kind, **words, **fields}]})
    return key


def test_in_parts_resumed_where_it_was_cut_and_stored_once(team: Client) -> None:
    sent = Sent(webm(size=600_000), "voice", "audio/webm;codecs=opus")
    assert sent.put(team, 0) == {"id": str(sent.id), "have": PART, "size": len(sent.content), "done": False}
    assert sent.put(team, 0, status=409)["have"] == PART  # the answer was lost, the part is sent again
    assert sent.put(team, PART + 5, status=409)["have"] == PART  # out of order
    assert sent.put(team, PART)["have"] == 2 * PART
    assert sent.put(team, 2 * PART)["done"] is True
    assert sent.put(team, 2 * PART)["done"] is True  # the last answer was lost
    assert content(team, sent.id) == sent.content
    assert Part.objects.filter(file=sent.id).count() == 1
    assert [e.verb for e in Entry.objects.filter(subject_id=sent.id).order_by("seq")] == ["receive", "read"]
    assert set(Entry.objects.get(subject_id=sent.id, verb="receive").facts) == {"kind", "bytes"}


def test_half_a_file_is_no_file(team: Client, at_the_door: tuple[UUID, Client, Client]) -> None:
    sent = Sent(webm(size=300_000), "voice", "audio/webm")
    sent.put(team, 0)
    assert team.get(f"/api/files/{sent.id}").json()["code"] == "not_whole"
    again()
    with pytest.raises(Problem) as refused:
        sent.attach(team, "visit", at_the_door[0])
    assert (refused.value.code, refused.value.extra) == ("not_whole", {"have": PART, "size": len(sent.content)})


def test_what_arrives_other_than_it_was_sent_is_not_kept_and_can_begin_anew(team: Client) -> None:
    sent = Sent(webm(size=300_000), "voice", "audio/webm")
    good, sent.content = sent.content, sent.content[:1000] + b"?" + sent.content[1001:]
    sent.put(team, 0)
    assert sent.put(team, PART, status=422)["code"] == "damaged"
    assert not File.objects.filter(whole_at__isnull=False).exists()
    sent.content = good
    assert sent.put(team, 0, status=409)["have"] == PART
    assert sent.put(team, 0, anew=True)["have"] == PART
    assert sent.put(team, PART)["done"] is True
    assert sent.put(team, 0, anew=True)["done"] is True  # what is whole is not thrown away
    assert content(team, sent.id) == good


@pytest.mark.parametrize(("body", "mime"), [(archive(), "image/jpeg"), (photo(kind="PNG"), "image/jpeg"),
                                            (photo()[:1200], "image/jpeg"), (bomb(), "image/png")],
                         ids=["zip", "png", "truncated", "bomb"])
def test_a_file_must_be_what_it_is_called(team: Client, body: bytes, mime: str) -> None:
    sent = Sent(body, "photo", mime)
    assert sent.put(team, 0, status=415)["code"] == "not_that_type"
    assert not Part.objects.exists()


def test_types_and_sizes_are_refused_before_a_byte_is_kept(team: Client) -> None:
    assert Sent(photo(), "photo", "image/svg+xml").put(team, 0, status=415)["types"]
    assert Sent(photo(), "voice", "image/jpeg").put(team, 0, status=415)["code"] == "not_that_type"
    large = Sent(photo(), size=614_401)
    assert large.put(team, 0, status=413)["most"] == 614_400
    assert Sent(b"x" * (PART + 1)).put(team, 0, upto=PART + 1, status=413)["code"] == "part_too_large"
    assert Sent(photo(), size=100).put(team, 0, status=422)["code"] == "too_long"
    for wrong in ({"sha256": "zz"}, {"size": 0}, {"kind": "film"}, {"offset": -1}, {"size": "x"}):
        sent = Sent(photo(), **{"offset": 0, **wrong})
        answer = team.put(f"/api/files/{sent.id}?{urlencode(sent.said)}", sent.content, content_type="image/jpeg")
        again()
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not File.objects.exists()


def test_a_ward_has_its_own_limits_and_the_day_its_quota(team: Client) -> None:
    def limit(name: str, amount: int) -> None:
        set_policy(HOME, "test", Policy(name=name, amount=amount, unit="n", source="thử",
                                        valid_from=timezone.now() - timedelta(minutes=1)))
    limit("files.photo_most", 500)
    assert Sent(photo()).put(team, 0, status=413)["most"] == 500
    limit("files.sketch_most", 5000)
    first = Sent(photo(kind="PNG"), "sketch", "image/png")
    limit("files.member_per_day", len(first.content) + 10)
    first.whole(team)
    assert Sent(photo(kind="PNG"), "sketch", "image/png").put(team, 0, status=429)["quota"] == "files.member_per_day"
    other = client("team_member")
    Sent(photo(kind="PNG"), "sketch", "image/png").whole(other)
    limit("files.ward_per_day", 2 * len(first.content) + 10)
    third = Sent(photo(kind="PNG"), "sketch", "image/png")
    assert third.put(client("team_member"), 0, status=429)["quota"] == "files.ward_per_day"
    File.objects.update(begun_at=timezone.now() - timedelta(hours=25))
    Sent(photo(kind="PNG"), "sketch", "image/png").whole(team)


def test_where_it_was_taken_is_not_stored(team: Client) -> None:
    sent = Sent(with_gps(400, 300, orientation=6))
    kept = content(team, sent.whole(team))
    assert b"BIMAT" in sent.content and b"BIMAT" not in kept and b"Exif" not in kept
    answer = team.get(f"/api/files/{sent.id}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"] and "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("asked", "status", "part"), [
    ("bytes=0-1", 206, (0, 2)), ("bytes=100-", 206, (100, 900)), ("bytes=-5", 206, (895, 900)),
    ("bytes=800-5000", 206, (800, 900)), ("bytes=-5000", 206, (0, 900)), ("bytes=900-", 416, None), ("bytes=-0", 416, None),
    ("bytes=9-3", 416, None), ("bytes=-", 200, (0, 900)), ("bytes=0-1,5-6", 200, (0, 900)), ("lines=1-2", 200, (0, 900))])
def test_a_phone_that_plays_sound_by_ranges_is_given_them(team: Client, asked: str, status: int,
                                                          part: tuple[int, int] | None) -> None:
    head = len(webm())
    sent = Sent(webm(size=900 - head), "voice", "audio/webm")
    key = sent.whole(team)
    answer = team.get(f"/api/files/{key}", headers={"Range": asked})
    again()
    assert answer.status_code == status
    if part is not None:
        assert answer.content == sent.content[slice(*part)] and answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers.get("Content-Range") == (f"bytes {part[0]}-{part[1] - 1}/900" if status == 206 else None)
    assert Entry.objects.filter(subject_id=key, verb="read").exists() == (status != 416)


def test_another_ward_and_another_member_cannot_touch_it(team: Client) -> None:
    sent = Sent(webm(size=300_000), "voice", "audio/webm")
    sent.put(team, 0)
    there = client("team_member", ward=NEXT)
    assert sent.put(there, PART, status=403)["code"] == "forbidden"
    sent.said["ward"] = NEXT
    assert sent.put(there, 0, status=409)["code"] == "id_taken"
    sent.said["ward"] = HOME
    assert sent.put(client("team_member"), PART, status=409)["code"] == "id_taken"
    assert sent.put(team, PART)["done"] is True
    for other in (there, client("team_member"), client("leadership"), client("desk_officer")):
        content(other, sent.id, 404)
        assert other.delete(f"/api/files/{sent.id}").status_code == 404
        again()
    assert sent.put(client("desk_officer"), PART, status=403)["code"] == "forbidden"
    sent.said["sha256"] = "0" * 64
    assert sent.put(team, 0, status=409)["code"] == "id_taken"


def test_a_visits_file_is_its_teams_and_the_planners(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, office = at_the_door
    sent = Sent(photo())
    sent.whole(team)
    assert [sent.attach(team, "visit", visit_id) for _ in range(2)] == ["stored", "same"]
    area, _ = khu_pho("KP Thử 2", 1, north=1)
    other = client("team_member", area.id)
    assert content(office, sent.id) == content(team, sent.id) != b""
    for stranger in (other, client("petition_desk"), client("desk_officer"), client("leadership", ward=NEXT)):
        content(stranger, sent.id, 404)
    path = f"/files?subject_kind=visit&subject={visit_id}"
    assert [f["id"] for f in call(office, "get", path)["items"]] == [str(sent.id)]
    assert call(other, "get", path, status=404)["code"] == "not_found"
    with pytest.raises(Problem) as refused:
        sent.attach(team, "issue", issue(team, visit_id))
    assert refused.value.code == "attached"


def test_an_issues_file_is_seen_as_the_issue_is(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, office = at_the_door
    board = client("khu_pho_board", Visit.objects.get(id=visit_id).dwelling.area_id)
    open_one, secret = Sent(photo()), Sent(photo(330))
    for sent, confidential in ((open_one, False), (secret, True)):
        sent.whole(team)
        assert sent.attach(team, "issue", issue(team, visit_id, confidential=confidential)) == "stored"
    assert content(board, open_one.id)
    content(board, secret.id, 404)
    for who in (team, office, client("petition_desk")):
        assert content(who, secret.id)


def test_only_to_what_one_may_see_and_what_is_there(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, _ = at_the_door
    area, _ = khu_pho("KP Thử 2", 1, north=1)
    other = client("team_member", area.id)
    sent = Sent(photo())
    sent.whole(other)
    with pytest.raises(Problem) as refused:
        sent.attach(other, "visit", visit_id)
    assert refused.value.status == 404
    with pytest.raises(Problem) as refused:  # a visit that still waits: its file is not lost
        sent.attach(other, "visit", new_id())
    assert refused.value.status == 404 and File.objects.filter(id=sent.id).exists()
    for wrong in ({"size": 5}, {"sha256": "0" * 64}, {"kind": "sketch"}, {"id": new_id()}, {"actor": "account:x"}):
        with pytest.raises(Problem) as refused:
            sent.attach(other, "visit", visit_id, **wrong)
        assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        sent.attach(other, "incident", visit_id)
    assert refused.value.code == "unknown_subject"


def test_violence_and_denunciations_keep_no_file(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, office = at_the_door
    sent = Sent(photo())
    sent.whole(team)
    assert sent.attach(team, "issue", issue(team, visit_id, "domestic_violence")) == "erased"
    assert not File.objects.exists() and not Part.objects.exists()
    later = Sent(photo())
    later.whole(team)
    key = issue(team, visit_id)
    later.attach(team, "issue", key)
    call(office, "post", f"/issues/{key}/route_out", {"kind": "denunciation"})
    assert Issue.objects.get(id=key).state == "routed_out"
    assert not File.objects.exists() and not Part.objects.exists()
    assert [e.facts["why"] for e in Entry.objects.filter(verb="erase", subject_kind="file").order_by("seq")] == [
        "not_kept", "subject"]


def test_it_is_taken_away_by_its_sender_or_the_office(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, office = at_the_door
    board = client("khu_pho_board", Visit.objects.get(id=visit_id).dwelling.area_id)
    for who, status in ((board, 403), (team, 204), (office, 204)):
        sent = Sent(photo())
        sent.whole(team)
        sent.attach(team, "issue", issue(team, visit_id))
        assert who.delete(f"/api/files/{sent.id}").status_code == status
        again()
        assert File.objects.filter(id=sent.id).exists() is (status == 403)


def test_kept_as_long_as_the_dated_rows_say(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, _ = at_the_door
    now = timezone.now()
    loose, kept, old = (Sent(photo()) for _ in range(3))
    for sent in (loose, kept, old):
        sent.whole(team)
    kept.attach(team, "visit", visit_id)
    old.attach(team, "visit", visit_id)
    half = Sent(webm(size=300_000), "voice", "audio/webm")
    half.put(team, 0)
    assert sweep_files(HOME) == 0
    File.objects.filter(id__in=[loose.id, half.id]).update(begun_at=now - timedelta(days=14, minutes=1))
    File.objects.filter(id=old.id).update(attached_at=now - timedelta(days=731))
    File.objects.filter(id=kept.id).update(attached_at=now - timedelta(days=729), begun_at=now - timedelta(days=900))
    assert sweep_files(HOME) == 3
    assert [f.id for f in File.objects.all()] == [kept.id]
    assert set(Part.objects.values_list("file_id", flat=True)) == {kept.id}


def test_it_goes_with_its_subject(at_the_door: tuple[UUID, Client, Client]) -> None:
    visit_id, team, _ = at_the_door
    first, second = Sent(photo()), Sent(photo())
    for sent in (first, second):
        sent.whole(team)
    first.attach(team, "visit", visit_id)
    key = issue(team, visit_id)
    second.attach(team, "issue", key)
    assert sweep_orphans(HOME, None) is None
    assert File.objects.count() == 2
    Issue.objects.filter(id=key).delete()
    half = sweep_orphans(HOME, None, limit=1)
    assert half == min(first.id, second.id)
    assert File.objects.count() == (1 if half == second.id else 2)
    Housekeeping().look()
    assert [f.id for f in File.objects.all()] == [first.id]
    erase_files_of("visit", visit_id, "test")
    assert not File.objects.exists() and not Part.objects.exists()


def test_the_database_itself_refuses_a_file_that_is_not_whole(at_the_door: tuple[UUID, Client, Client]) -> None:
    _, team, _ = at_the_door
    sent = Sent(webm(size=300_000), "voice", "audio/webm")
    sent.put(team, 0)
    for change in ({"subject_kind": "visit", "subject_id": at_the_door[0], "attached_at": timezone.now()},
                   {"whole_at": timezone.now()}, {"have": len(sent.content) + 1}, {"mime": "text/html"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            File.objects.filter(id=sent.id).update(**change)
