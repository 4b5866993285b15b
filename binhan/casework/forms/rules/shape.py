"""What a form's XForm holds: its nodes, their types and labels. And whether answers belong to it, and what they say."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from binhan.casework.phones.rules.batch import Fault

XML_MAX, VALUE_MAX, NODES_MAX, REPEATS_MAX = 200_000, 10_000, 5000, 200
XF, XHTML, JR = "{http://www.w3.org/2002/xforms}", "{http://www.w3.org/1999/xhtml}", "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"
CONTROLS = {XF + "input", XF + "select", XF + "select1", XF + "trigger", XF + "range", ODK + "rank", XF + "upload"}
_DECLARATION = "<?xml"


@dataclass(slots=True)
class Shape:
    """Paths are relative to the root, as `group/question`; a repeat is one path however often it is repeated."""

    root: str
    form_id: str
    version: str
    leaves: dict[str, str] = field(default_factory=dict)  # path → type of its bind
    inner: set[str] = field(default_factory=set)
    repeats: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # the paths that somebody answers, in the form's order


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def parse(xml: str) -> Element:
    """The root of an XForm of ours."""
    root: Element = fromstring(xml, forbid_dtd=True)
    return root


def primary(form: Element) -> Element:
    """The element of the first instance: what an empty set of answers looks like."""
    return next(iter(next(form.iter(f"{XF}instance"))))


def shape_of(xml: str) -> Shape:
    """Everything that answers are checked against."""
    form = parse(xml)
    data = primary(form)
    shape = Shape(local(data.tag), data.get("id", ""), data.get("version", ""))
    types = {_relative(b.get("nodeset", "")): b.get("type", "string") for b in form.iter(f"{XF}bind")}
    for path, element in _walk(data, ""):
        if len(element):
            shape.inner.add(path)
        else:
            shape.leaves[path] = local(types.get(path, "string").replace(":", "}"))
    fixed = {_relative(b.get("nodeset", "")) for b in form.iter(f"{XF}bind") if b.get("readonly") == "true()"}
    texts = _texts(form)
    body = next(form.iter(f"{XHTML}body"))
    for element in body.iter():
        path = _relative(element.get("ref") or element.get("nodeset") or "")
        if element.tag == f"{XF}repeat":
            shape.repeats.add(path)
        elif element.tag in CONTROLS and path in shape.leaves:
            shape.asked += [path] if path not in fixed else []  # a note is shown, not asked
            shape.labels[path] = _label(element, texts)
    return shape


def _relative(path: str) -> str:
    return path.strip().lstrip("/").partition("/")[2]


def _walk(element: Element, above: str) -> Iterator[tuple[str, Element]]:
    for child in element:
        path = f"{above}{local(child.tag)}"
        yield path, child
        yield from _walk(child, f"{path}/")


def _texts(form: Element) -> dict[str, str]:
    """The texts of the form's first language (the default one, where it names one)."""
    languages = list(form.iter(f"{XF}translation"))
    chosen = next((t for t in languages if t.get("default")), languages[0] if languages else None)
    found = {}
    for text in chosen.iter(f"{XF}text") if chosen is not None else ():
        value = next((v for v in text.iter(f"{XF}value") if not v.get("form")), None)
        found[text.get("id", "")] = "".join(value.itertext()) if value is not None else ""
    return found


def _label(element: Element, texts: dict[str, str]) -> str:
    label = element.find(f"{XF}label")
    if label is None:
        return ""
    key = re.match(r"jr:itext\('(.*)'\)", label.get("ref") or "")
    return texts.get(key[1], "") if key else "".join(label.itertext()).strip()


def judge(shape: Shape, xml: str) -> tuple[dict[str, str], Fault | None]:
    """The answers, flat – `member[2]/name` – or what is wrong with them. Empty ones are left out."""
    if len(xml) > XML_MAX:
        return {}, Fault("answers_too_long", f"Phiếu trả lời dài hơn {XML_MAX // 1000} kB.", "The answers are too long.")
    try:
        data: Element = fromstring(_undeclared(xml), forbid_dtd=True)
    except DefusedXmlException:
        return {}, Fault("unsafe_xml", "Phiếu trả lời có khai báo XML không an toàn.", "Unsafe XML declarations.")
    except (ParseError, ValueError):
        return {}, Fault("broken_xml", "Phiếu trả lời không phải XML đúng. Bản trong máy vẫn còn.", "This is not XML.")
    if (local(data.tag), data.get("id")) != (shape.root, shape.form_id):
        return {}, Fault("another_form", "Phiếu trả lời thuộc mẫu phiếu khác.", "These are answers to another form.")
    if (data.get("version") or "") != shape.version:
        return {}, Fault("another_version", f"Phiếu trả lời không theo bản “{shape.version}” của mẫu phiếu.",
                         f"These are not answers to version “{shape.version}”.")
    return _flat(shape, data)


def _undeclared(xml: str) -> str:
    """Without its first line on version and encoding: this is text, and no encoding any more."""
    text = xml.lstrip()
    return text.partition("?>")[2] if text.startswith(_DECLARATION) else xml


def _flat(shape: Shape, data: Element) -> tuple[dict[str, str], Fault | None]:
    values: dict[str, str] = {}
    nodes = 0
    stack: list[tuple[Element, str, str]] = [(data, "", "")]  # element, path, path with numbers
    while stack:
        element, above, shown = stack.pop()
        seen: Counter[str] = Counter()
        for child in element:
            nodes += 1
            path = f"{above}{local(child.tag)}"
            seen[path] += 1
            if (wrong := _misplaced(shape, child, path, seen[path], nodes)) is not None:
                return {}, wrong
            number = f"[{seen[path]}]" if path in shape.repeats else ""
            here = f"{shown}{local(child.tag)}{number}"
            if path in shape.leaves and child.text and child.text.strip():
                values[here] = child.text.strip()
            stack.append((child, f"{path}/", f"{here}/"))
    return values, None


def _misplaced(shape: Shape, child: Element, path: str, count: int, nodes: int) -> Fault | None:
    if path not in shape.leaves and path not in shape.inner:
        return Fault("unknown_node", f"Mẫu phiếu không có mục “{path[:80]}”.", f"The form has no “{path[:80]}”.")
    if path in shape.leaves and (len(child) or len(child.text or "") > VALUE_MAX):
        return Fault("bad_value", f"Mục “{path}” có nội dung không lưu được.", f"“{path}” holds what cannot be kept.")
    if nodes > NODES_MAX or count > (REPEATS_MAX if path in shape.repeats else 1):
        return Fault("too_often", f"Mục “{path}” lặp lại quá nhiều lần.", f"“{path}” comes too often.")
    return None
