"""A list of contexts that does not hold together is refused whole, by name; a noun is one folder and one line."""
from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from binhan.casework.listening.context import CONTEXT as LISTENING
from binhan.casework.visits.context import CONTEXT as VISITS
from binhan.commons import context as described
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab, contexts, problems
from binhan.commons.notify.rules import Template
from binhan.kernel.words import Words
from tests.laws.source import ROOT, SOURCES, dotted, tree

WORDS = Words("mẫu", "sample")


def test_the_list_holds_together() -> None:
    assert list(problems(contexts())) == []
    assert [c.app for c in contexts()] == list(settings.CONTEXTS)


def with_changed(**changes: Any) -> list[str]:
    """The faults of the list in which listening brings something else."""
    return list(problems([dataclasses.replace(c, **changes) if c is LISTENING else c for c in contexts()]))


@pytest.mark.parametrize(("changes", "fault"), [
    ({"policies": (*LISTENING.policies, VISITS.policies[0])},
     "policy round.plan_within is brought by binhan.casework.visits and binhan.casework.listening"),
    ({"messages": {"sos_offer": Template(WORDS, WORDS, "/", 60)}},
     "message sos_offer is brought by binhan.sos.assignments and binhan.casework.listening"),
    ({"file_subjects": dict(VISITS.file_subjects)},
     "file subject visit is brought by binhan.casework.visits and binhan.casework.listening"),
    ({"purposes": {"sos": frozenset()}}, "purpose sos is brought by binhan.sos.incidents and binhan.casework.listening"),
    ({"lifecycles": VISITS.lifecycles},
     "lifecycle round is brought by binhan.casework.visits and binhan.casework.listening"),
    ({"policies": LISTENING.policies[1:]},
     "binhan.casework.listening: issue: nobody brings the policy issue.assign_within"),
    ({"clocks": {}}, "binhan.casework.listening: issue: nobody does chase when the clock of received rings"),
    ({"lifecycles": (dataclasses.replace(LISTENING.lifecycles[0], clocks=LISTENING.lifecycles[0].clocks[1:]),)},
     "binhan.casework.listening: issue: nobody watches received: it has no clock"),
    ({"messages": {"half": Template(Words("tin", ""), WORDS, "/", 60)}},
     "binhan.casework.listening: message half: is not there in both languages"),
    ({"policies": (*LISTENING.policies, PolicySpec("issue.half", "s", Words("nửa", "")))},
     "binhan.casework.listening: policy issue.half is not there in both languages"),
    ({"name": Words("", "Issues")}, "binhan.casework.listening: its name is not there in both languages"),
    ({"tabs": (Tab("issues", Words("Ý kiến", ""), WORDS, 1, "casework"),)},
     "binhan.casework.listening: tab issues is not there in both languages"),
])
def test_what_does_not_hold_together_is_named(changes: dict[str, Any], fault: str) -> None:
    assert fault in with_changed(**changes)


def test_an_unknown_context_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape("there is no context binhan.casework.petitionz")):
        described._described("binhan.casework.petitionz")
    monkeypatch.setattr("binhan.casework.listening.context.CONTEXT", Context(app="binhan.casework.other", name=WORDS))
    with pytest.raises(ImproperlyConfigured, match=re.escape("binhan.casework.listening.context describes")):
        described._described("binhan.casework.listening")


def test_no_floor_below_names_a_noun_of_a_floor_above() -> None:
    """By string, where imports cannot see it: nouns, policies, messages, walls and file subjects of the contexts above."""
    commons = {name for c in contexts() if c.app.startswith("binhan.commons.") for name in [*c.purposes, *c.messages]}
    above = [c for c in contexts() if not c.app.startswith("binhan.commons.")]
    names = {name for c in above for name in [*(lc.name for lc in c.lifecycles), *(p.name for p in c.policies),
                                              *c.messages, *c.purposes, *c.file_subjects]} - commons
    found = {}
    for path in (ROOT / "binhan" / "commons").rglob("*.py"):
        if "migrations" not in path.parts:
            said = set(re.findall(r'"([a-z_.]+)"', path.read_text(encoding="utf-8"))) & names
            if said:
                found[str(path.relative_to(ROOT))] = sorted(said)
    assert found == {}


def test_a_context_stands_on_those_before_it_in_the_list() -> None:
    """So there is no circle among siblings, and a new noun needs no line in any other list."""
    order = {app: n for n, app in enumerate(settings.CONTEXTS)}
    wrong = []
    for path in SOURCES:
        own = next((app for app in order if f"{dotted(path)}.".startswith(f"{app}.")), None)
        for module in imported_at_run_time(path) if own else ():
            other = next((app for app in order if f"{module}.".startswith(f"{app}.")), own)
            if order[str(other)] > order[str(own)]:
                wrong.append(f"{dotted(path)} imports {module}")
    assert wrong == []


def imported_at_run_time(path: Path) -> set[str]:
    """What a file imports outside of `if TYPE_CHECKING`."""
    whole = tree(path)
    branches = [n for n in ast.walk(whole) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    hidden = {id(node) for branch in branches for node in ast.walk(branch)}
    return {node.module for node in ast.walk(whole)
            if isinstance(node, ast.ImportFrom) and node.module and id(node) not in hidden}


def test_a_noun_is_one_folder_and_one_line() -> None:
    """The small noun under tests/nouns with its line in the list: it lives, and passes every law that a noun can break."""
    if "tests.nouns.finds" in settings.CONTEXTS:
        return  # this is that run
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("BINHAN_", "PYTEST_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=tests.nouns.settings",
         "tests/nouns", "tests/laws", "--ignore", "tests/laws/test_contract_is_fresh.py",
         "--ignore", "tests/laws/test_web.py",  # what is committed, and another language: neither is the noun's
         "-k", "not binhan/ and not web/"],
        cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=170)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    assert re.search(r"\d+ passed", done.stdout) and "failed" not in done.stdout
