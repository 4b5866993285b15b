"""An office page of any noun with a lifecycle: its buttons and forms are drawn from the table and what its verbs need, and
a refusal comes back above the page as a sentence, with what was typed."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError

from binhan.commons.access.pages import faults, refused, spoken
from binhan.commons.language import shown
from binhan.kernel.errors import Problem
from binhan.kernel.lifecycle import Lifecycle
from binhan.kernel.words import Words

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the table cannot say of a page: codes with names to choose a need from, needs that take a whole sentence, verbs
    that cannot be taken back, the verb that is usually next, and verbs that are called otherwise just now."""

    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    long: frozenset[str] = frozenset({"reason"})
    danger: frozenset[str] = frozenset()
    main: str = ""
    names: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One need of a verb as a field of its form, with what was typed in it before."""

    name: str
    label: str
    options: Mapping[str, str]
    long: bool
    value: str


@dataclass(frozen=True, slots=True)
class Button:
    """One verb: a button where it needs nothing, a form that opens where it does (`typed`: it was refused just now)."""

    verb: str
    label: str
    fields: tuple[Field, ...]
    typed: bool
    danger: bool
    main: bool


def buttons(lifecycle: Lifecycle, verbs: Iterable[str], look: Look | None = None,
            given: Mapping[str, str] | None = None) -> list[Button]:
    """One for each of the verbs that are open to the reader now. `given`: the form that was sent and refused."""
    look = look or Look()
    return [_button(lifecycle, verb, look, given if given is not None and given.get("verb") == verb else None)
            for verb in verbs]


def _button(lifecycle: Lifecycle, verb: str, look: Look, given: Mapping[str, str] | None) -> Button:
    fields = tuple(Field(need, shown(lifecycle.names.needs[need]), look.choices.get(need, {}), need in look.long,
                         given.get(need, "") if given is not None else "") for need in lifecycle.needs_of(verb))
    label = shown(look.names.get(verb) or lifecycle.names.verbs[verb])
    return Button(verb, label, fields, given is not None, verb in look.danger, verb == look.main)


def needs_given(lifecycle: Lifecycle, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the form, for the API's own check; an empty field counts as left out."""
    return {need: given[need] for need in lifecycle.names.needs if given.get(need, "").strip()}


def submit(request: HttpRequest, lifecycle: Lifecycle, do: Callable[[], R], again: Callable[[str, int], HttpResponse],
           done: Callable[[R], HttpResponse]) -> HttpResponse:
    """Do it. `again` draws the page anew with the sentence that says why not (and its status), `done` answers when it is
    done. Nothing has changed after a refusal; what cannot be seen at all (404) shows no page."""
    try:
        result = do()
    except Problem as problem:
        return refused(request, problem) if problem.status == 404 else again(spoken(problem), problem.status)
    except ValidationError as error:
        names = {need: shown(words) for need, words in lifecycle.names.needs.items()}
        return again(" ".join(faults(error, names)), 422)
    return done(result)
