"""Answers belong to their form and version, hold only what it asks, and are laid flat."""
from __future__ import annotations

import pytest

from binhan.casework.forms.imports.convert import load_form
from binhan.casework.forms.rules.shape import judge, shape_of
from tests.support.questionnaires import filled, small

SHAPE = shape_of(load_form(small(), "x.xlsx").xml)
GOOD = "<needs>yes</needs><what>job loan</what><member><age>7</age></member><member><age> 9 </age></member>"


def code(xml: str) -> str:
    values, wrong = judge(SHAPE, xml)
    assert (values == {}) if wrong else values
    return wrong[0] if wrong else ""


def test_answers_are_laid_flat_with_their_repeats_numbered() -> None:
    values, wrong = judge(SHAPE, filled("nhu_cau", "1", GOOD))
    assert wrong is None
    assert values == {"needs": "yes", "what": "job loan", "member[1]/age": "7", "member[2]/age": "9",
                      "meta/instanceID": "uuid:x"}


@pytest.mark.parametrize(("xml", "wrong"), [
    ("", "broken_xml"), ("not xml", "broken_xml"), ("<data", "broken_xml"), ("\ud800", "broken_xml"),
    ('<!DOCTYPE d [<!ENTITY e "x">]><data id="nhu_cau" version="1">&e;</data>', "unsafe_xml"),
    (filled("khac", "1", GOOD), "another_form"), (filled("nhu_cau", "1", GOOD, "form"), "another_form"),
    (filled("nhu_cau", "2", GOOD), "another_version"), (filled("nhu_cau", "", GOOD), "another_version"),
    (filled("nhu_cau", "1", "<religion>x</religion>"), "unknown_node"),
    (filled("nhu_cau", "1", "<member><name>x</name></member>"), "unknown_node"),
    (filled("nhu_cau", "1", "<needs><b>x</b></needs>"), "bad_value"),
    (filled("nhu_cau", "1", f"<what>{'x' * 10_001}</what>"), "bad_value"),
    (filled("nhu_cau", "1", "<needs>yes</needs><needs>no</needs>"), "too_often"),
    (filled("nhu_cau", "1", "<member><age>1</age></member>" * 201), "too_often"),
    (filled("nhu_cau", "1", f"<what>{'x' * 300_000}</what>"), "answers_too_long"),
    (filled("nhu_cau", "1", GOOD), ""), ('<?xml version="1.0"?>' + filled("nhu_cau", "1", GOOD), "")])
def test_what_does_not_belong_is_refused(xml: str, wrong: str) -> None:
    assert code(xml) == wrong
