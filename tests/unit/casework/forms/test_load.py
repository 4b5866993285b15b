"""A questionnaire is taken whole, or refused with every sheet, row and reason."""
from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from binhan.casework.forms.imports.convert import Loaded, load_form
from binhan.casework.forms.imports.workbook import FILE_MAX
from binhan.casework.forms.rules.finding import Refused
from binhan.casework.forms.rules.shape import shape_of
from tests.support.questionnaires import HEAD, small, survey, thirty, workbook

LOAD = {"choice_filter_test.xlsx": 3, "loop.xlsx": 6, "or_other.xlsx": 3, "specify_other.xlsx": 2, "tutorial.xls": 10,
        "yes_or_no_question.xlsx": 1}
# What the others ask for that no form here does: pictures, sound, film, and which phone asked.
REFUSE = {"flat_xlsform_test.xlsx": {("survey", 9), ("survey", 10), ("choices", 4), ("choices", 5), ("survey", 36),
                                     ("survey", 37), ("survey", 38), ("survey", 48), ("survey", 50), ("survey", 52),
                                     ("survey", 54)},
          "xlsform_spec_test.xlsx": {("survey", 9), ("survey", 10), ("choices", 4), ("choices", 5), ("survey", 36),
                                     ("survey", 37), ("survey", 38), ("survey", 48), ("survey", 50), ("survey", 52)},
          "widgets.xls": {("choices", 20), ("choices", 21), ("choices", 23), ("choices", 24), ("survey", 13),
                          ("survey", 14), ("survey", 15)}}


def refusal(body: bytes, name: str = "phieu.xlsx") -> list[tuple[str, int, str]]:
    with pytest.raises(Refused) as refused:
        load_form(body, name)
    assert all(f.vi and f.en for f in refused.value.findings)
    return [(f.sheet, f.row, f.code) for f in refused.value.findings]


def notes(loaded: Loaded) -> list[tuple[str, int, str]]:
    return [(n.sheet, n.row, n.code) for n in loaded.notes]


@pytest.mark.parametrize("name", sorted(LOAD))
def test_the_fields_own_forms_load(name: str, shared: Path) -> None:
    loaded = load_form((shared / "xlsform" / name).read_bytes(), name)
    assert loaded.questions == LOAD[name]
    assert shape_of(loaded.xml).version == loaded.version != ""


@pytest.mark.parametrize("name", sorted(REFUSE))
def test_or_are_refused_with_every_row_that_is_in_the_way(name: str, shared: Path) -> None:
    found = refusal((shared / "xlsform" / name).read_bytes(), name)
    assert {(sheet, row) for sheet, row, _ in found} == REFUSE[name]


def test_all_forms_of_the_field_are_named_here(shared: Path) -> None:
    assert {p.name for p in (shared / "xlsform").glob("*.xls*")} == set(LOAD) | set(REFUSE)


def test_our_own_forms_load() -> None:
    loaded = load_form(thirty(), "ba mươi.xlsx")
    assert (loaded.form_id, loaded.version, loaded.title, loaded.questions) == ("ba_muoi", "1", "Phiếu nhu cầu", 30)
    assert loaded.languages == ["Tiếng Việt (vi)", "English (en)"]
    held = shape_of(load_form(small(), "x.xlsx").xml)
    assert held.asked == ["needs", "what", "member/age"]
    assert held.labels["member/age"] == "Tuổi"
    assert held.repeats == {"member"}
    assert held.leaves["member/age"] == "int"


def test_a_form_without_a_version_gets_one_from_its_contents() -> None:
    body = workbook(survey=(("type", "name", "label"), ("text", "a", "A")))
    first, again = load_form(body, "Phiếu Đợt 1.xlsx"), load_form(body, "Phiếu Đợt 1.xlsx")
    assert first.form_id == "phieu_dot_1"
    assert first.version == again.version
    assert ("settings", 0, "no_version") in notes(first)


@pytest.mark.parametrize(("rows", "found"), [
    ([("foo", "a", "A")], ("survey", 2, "xlsform")),
    ([("text", "a", "A"), ("text", "a", "B")], ("survey", 3, "xlsform")),
    ([("text", "a", "A", "A", "${zz} = 1")], ("survey", 2, "xlsform")),
    ([("select_one nowhere", "a", "A")], ("survey", 2, "xlsform")),
    ([("begin group", "g", "G"), ("text", "a", "A")], ("survey", 2, "xlsform")),
    ([("text", "a b", "A")], ("survey", 2, "xlsform")),
    ([("text", "", "A")], ("survey", 2, "xlsform")),
    ([("text", "a", "A"), ("text", "b", "")], ("survey", 3, "xlsform")),
    ([("text", "a", "A"), ("text", "b", "B", "B", "(${a} = 'x'")], ("survey", 3, "expression")),
    ([("text", "a", "A"), ("text", "b", "B", "B", "", "regexp(., 'x')")], ("survey", 3, "expression")),
    ([("integer", "a", "A", "A", "", ". >")], ("survey", 2, "expression")),
    ([("text", "a", "A"), ("calculate", "b", "", "", "", "", "", "", "", "pulldata('x', 'y', 'z', ${a})")],
     ("survey", 3, "expression")),
    ([("image", "a", "A")], ("survey", 2, "upload")), ([("audio", "a", "A")], ("survey", 2, "upload")),
    ([("file", "a", "A")], ("survey", 2, "upload")), ([("geotrace", "a", "A")], ("survey", 2, "geo")),
    ([("text", "a", "A"), ("deviceid", "d")], ("survey", 3, "property")),
    ([("text", "a", "A"), ("username", "d")], ("survey", 3, "property")),
    ([("text", "a", "A"), ("audit", "audit")], ("survey", 3, "audit")),
    ([("text", "a", "A"), ("start-geopoint", "s")], ("survey", 3, "unasked")),
    ([("text", "a", "A"), ("select_one_from_file people.csv", "b", "B")], ("survey", 3, "external")),
    ([("calculate", "b", "", "", "", "", "", "", "", "1")], ("", 0, "questions"))])
def test_what_is_in_the_way_is_named_with_its_row(rows: list[tuple[str, ...]], found: tuple[str, int, str]) -> None:
    assert found in refusal(survey(*rows))


def test_pictures_beside_labels_are_refused_not_dropped() -> None:
    body = workbook(survey=(("type", "name", "label", "media::image"), ("text", "a", "A", ""), ("text", "b", "B", "b.png")))
    assert refusal(body) == [("survey", 3, "media")]


def test_answers_go_nowhere_else() -> None:
    loaded = load_form(survey(("text", "a", "A"), settings=(("form_id", "version", "submission_url", "public_key"),
                                                            ("x", "1", "https://example.org/", "MIIB"))), "x.xlsx")
    assert "example.org" not in loaded.xml
    assert "MIIB" not in loaded.xml
    assert [n for n in notes(loaded) if n[2] == "unused"] == [("settings", 2, "unused")] * 2


@pytest.mark.parametrize(("row", "code"), [
    (("text", "ton_giao", "Gia đình theo gì?"), "sensitive_belief"), (("text", "a", "Theo đạo nào?"), "sensitive_belief"),
    (("text", "a", "Thái độ với chính quyền"), "sensitive_attitude"),
    (("text", "a", "Quan điểm chính trị"), "sensitive_politics"), (("text", "a", "Dân tộc"), "sensitive_origin")])
def test_questions_about_what_people_believe_are_pointed_out(row: tuple[str, ...], code: str) -> None:
    assert ("survey", 3, code) in notes(load_form(survey(("text", "ok", "Cần gì?"), row), "x.xlsx"))


@pytest.mark.parametrize("body", [b"", b"type,name,label\ntext,a,A\n", b"PK\x03\x04broken",
                                  b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x",
                                  b"x" * (FILE_MAX + 1), workbook(other=(("a",), (1,)), more=(("b",),))])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    assert refusal(body)


def rewritten(part: str, old: bytes, new: bytes, extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small())) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            body = book.read(name)
            if name == part:
                assert old in body
                body = body.replace(old, new, 1)
            made.writestr(name, body)
        if extra:
            made.writestr("xl/vbaProject.bin", extra)
    return out.getvalue()


def test_external_entities_are_refused_unread() -> None:
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        with zipfile.ZipFile(io.BytesIO(small())) as book:
            head = book.read(part)
        start = head[:head.index(b"?>") + 2] if head.startswith(b"<?xml") else b""
        body = rewritten(part, start or head[:1], start + b'<!DOCTYPE x [<!ENTITY e "y">]>' + (b"" if start else head[:1]))
        assert refusal(body) == [("", 0, "unsafe_xml")]


def test_macros_are_not_run_and_change_nothing() -> None:
    with_macro = rewritten("xl/workbook.xml", b"<", b"<", b"MACRO")
    assert load_form(with_macro, "x.xlsx").xml == load_form(small(), "x.xlsx").xml


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * (40 * 2**20))
    assert refusal(out.getvalue()) == [("", 0, "unpacks")]


def test_far_cells_and_uncomputed_formulas_are_named() -> None:
    far = rewritten("xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD1048576"')
    assert refusal(far) == [("survey", 0, "too_many")]
    body = survey(("text", "a", "=1+1"))
    assert refusal(body) == [("survey", 2, "formula")]


def test_every_column_of_the_head_is_used() -> None:
    assert len(set(HEAD)) == len(HEAD)
