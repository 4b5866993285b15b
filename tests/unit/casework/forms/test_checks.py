"""What a form may not ask is said with the sheet and the row it stands in."""
from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest

from binhan.casework.forms.rules.checks import Places, notes_of, refused_expressions, refused_nodes, refused_rows, sensitive
from binhan.casework.forms.rules.shape import JR, XF

SURVEY = [{"type": "text", "name": "tên"}, {"type": "begin group", "name": "nhà"}, {"type": "integer", "name": "số_người"}]


def form(tag: str, **attributes: str) -> Element:
    """A form with one element."""
    root = Element("form")
    SubElement(root, f"{XF}{tag}", attributes)
    return root


@pytest.mark.parametrize(("row", "code"), [
    ({"type": "audit", "name": "a"}, "audit"), ({"type": "text", "name": "a", "media::image": "nhà.jpg"}, "media"),
    ({"type": "text", "name": "a", "video::Tiếng Việt (vi)": "x.mp4"}, "media")])
def test_what_a_sheet_itself_shows(row: dict[str, Any], code: str) -> None:
    (found,) = refused_rows([*SURVEY, row], [], [])
    assert (found.sheet, found.row, found.code) == ("survey", 5, code)
    assert found.vi and found.en


def test_entities_are_not_supported() -> None:
    assert [(f.sheet, f.row, f.code) for f in refused_rows(SURVEY, [], [{"dataset": "x"}])] == [("entities", 2, "entities")]
    assert list(refused_rows(SURVEY, [{"list_name": "a", "name": "b", "label": "c"}], [])) == []


@pytest.mark.parametrize(("element", "code"), [
    (form("upload", ref="/data/nhà/số_người", mediatype="image/*"), "upload"),
    (form("bind", nodeset="/data/nhà/số_người", type="geotrace"), "geo"),
    (form("bind", nodeset="/data/nhà/số_người", **{f"{JR}preload": "property", f"{JR}preloadParams": "x"}), "property"),
    (form("input", ref="/data/nhà/số_người", appearance="search('x')"), "external")])
def test_what_a_phone_does_not_give_names_the_row(element: Element, code: str) -> None:
    (found,) = refused_nodes(element, Places(SURVEY))
    assert (found.sheet, found.row, found.code) == ("survey", 4, code)


def test_an_expression_that_no_phone_computes_is_said_here() -> None:
    wrong = form("bind", nodeset="/data/nhà/số_người", relevant="no-such-function(1)")
    (found,) = refused_expressions(wrong, Places(SURVEY))
    assert (found.row, found.code) == (4, "expression")
    assert found.vi.startswith("relevant: ")
    assert list(refused_expressions(form("bind", nodeset="/data/tên", relevant="1 + 1 = 2"), Places(SURVEY))) == []


def test_what_is_taken_but_typed_by_hand_is_a_note() -> None:
    (found,) = notes_of(form("bind", nodeset="/data/tên", type="barcode"), Places(SURVEY))
    assert (found.row, found.code) == (2, "typed")


def test_belief_and_politics_are_pointed_out_wherever_they_stand() -> None:
    rows = [{"type": "text", "name": "q1", "label": "Ông bà theo tôn giáo nào?"},
            {"type": "text", "name": "q2", "label": "Mấy người?"}]
    assert [(f.sheet, f.row) for f in sensitive(rows, [])] == [("survey", 2)]
    assert [(f.sheet, f.row) for f in sensitive([], [{"name": "x", "label": "tôn giáo"}])] == [("choices", 2)]
