"""What a context says of itself, and everything that all of them together say.

Each context has a `context.py` with one `CONTEXT`, read from top to bottom. `site/contexts.py` lists them; nothing else
does. What lists nouns – the API, addresses, clocks, policies, messages, walls, the database contract – asks here.
"""
from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from binhan.kernel.events import Event, Reaction
from binhan.kernel.lifecycle import Lifecycle
from binhan.kernel.words import Words

if TYPE_CHECKING:  # the shapes of what is brought belong to whoever uses it
    from django.urls import URLPattern, URLResolver
    from ninja import Router

    from binhan.commons.clocks.actions import ClockAction
    from binhan.commons.clocks.rules import PolicySpec
    from binhan.commons.clocks.tasks import Sweep
    from binhan.commons.files.queries import FileSubject
    from binhan.commons.notify.rules import Template

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the office: its view's name, what it is called, what one does there ("" keeps it off the home page), in
    which order, and for which purpose – or which roles besides – it is shown."""

    view: str
    name: Words
    hint: Words
    order: int
    purpose: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One context. Whatever is left out it does not have."""

    app: str  # its package, which is a Django app
    name: Words  # what the office calls it
    lifecycles: tuple[Lifecycle, ...] = ()
    routers: tuple[Router, ...] = ()  # of the API
    urls: Sequence[URLPattern | URLResolver] = ()  # of pages
    clocks: Mapping[tuple[str, str], ClockAction] = field(default_factory=dict)  # (subject kind, verb) → what is done
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)  # what the sweepers do besides single clocks
    policies: tuple[PolicySpec, ...] = ()  # the dated rows that it asks for
    messages: Mapping[str, Template] = field(default_factory=dict)
    purposes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # walls: purpose → roles that are for it
    file_subjects: Mapping[str, FileSubject] = field(default_factory=dict)  # what files may belong to
    follows: tuple[Reaction[Any], ...] = ()  # what it does when something happens in a context below
    phone: tuple[Any, ...] = ()  # items and documents of a team's phone; casework.phones says which shapes
    desk_events: frozenset[str] = frozenset()  # journal subjects that a duty desk hears of; any other passes it by
    code_lists: Callable[[], Mapping[str, Any]] = dict  # told with the lifecycles
    tabs: tuple[Tab, ...] = ()
    defaults_for_all: frozenset[str] = frozenset()  # tables whose rows of ward 0 hold for, and are read by, every ward
    append_only: frozenset[str] = frozenset()  # tables that only their own SQL functions write
    hot_only: frozenset[str] = frozenset()  # SQL functions that go past row security, for the hot path's role alone


@functools.cache
def contexts() -> tuple[Context, ...]:
    """Every context of this installation, in the order of the list. A list that does not hold together is refused whole."""
    found = tuple(map(_described, settings.CONTEXTS))
    if faults := list(problems(found)):
        raise ImproperlyConfigured("the contexts do not hold together: " + "; ".join(faults))
    return found


def _described(app: str) -> Context:
    try:
        module = importlib.import_module(f"{app}.context")
    except ModuleNotFoundError as error:
        if error.name is None or not f"{app}.context".startswith(error.name):
            raise  # it is there, but what it needs is not
        raise ImproperlyConfigured(f"there is no context {app}: {error}") from error
    found: Context = module.CONTEXT
    if found.app != app:
        raise ImproperlyConfigured(f"{app}.context describes {found.app}")
    return found


def problems(found: Sequence[Context]) -> Iterator[str]:
    """Everything wrong with these contexts together, each fault by name; nothing in a sound list."""
    yield from _twice(found)
    for context in found:
        for lifecycle in context.lifecycles:
            yield from (f"{context.app}: {lifecycle.name}: {fault}" for fault in lifecycle.problems())
            yield from (f"{context.app}: {fault}" for fault in _unwound(lifecycle, found))
        for words, what in [(context.name, "its name"), *((p.words, f"policy {p.name}") for p in context.policies),
                            *((t.name, f"tab {t.view}") for t in context.tabs)]:
            if not (words.vi and words.en):
                yield f"{context.app}: {what} is not there in both languages"
        for name, template in context.messages.items():
            yield from (f"{context.app}: message {name}: {fault}" for fault in template.problems())


def _twice(found: Sequence[Context]) -> Iterator[str]:
    """Names that must be one context's alone."""
    owned: dict[str, Callable[[Context], Iterable[Any]]] = {
        "app": lambda c: [c.app], "lifecycle": lambda c: [lc.name for lc in c.lifecycles],
        "table": lambda c: [lc.table for lc in c.lifecycles], "policy": lambda c: [p.name for p in c.policies],
        "message": lambda c: c.messages, "clock": lambda c: c.clocks, "sweep": lambda c: c.sweeps,
        "purpose": lambda c: c.purposes, "file subject": lambda c: c.file_subjects,
        "tab": lambda c: [t.view for t in c.tabs],
        "phone item or document": lambda c: [(type(p).__name__, name) for p in c.phone for name in p.names]}
    for what, names in owned.items():
        holders: dict[Any, list[str]] = {}
        for context in found:
            for name in names(context):
                holders.setdefault(name, []).append(context.app)
        yield from (f"{what} {name} is brought by {' and '.join(apps)}" for name, apps in holders.items() if len(apps) > 1)


def _unwound(lifecycle: Lifecycle, found: Sequence[Context]) -> Iterator[str]:
    """Clocks of the table that no policy measures or that would do nothing when they ring."""
    named = {p.name for c in found for p in c.policies}
    rung = {key for c in found for key in c.clocks} | {(sweep, None) for c in found for sweep in c.sweeps}
    for clock in lifecycle.clocks:
        if clock.policy not in named:
            yield f"{lifecycle.name}: nobody brings the policy {clock.policy}"
        if not {(lifecycle.name, clock.verb), (lifecycle.name, None)} & rung:
            yield f"{lifecycle.name}: nobody does {clock.verb} when the clock of {clock.state} rings"


def lifecycles() -> list[Lifecycle]:
    """Every lifecycle of the system."""
    return [lifecycle for c in contexts() for lifecycle in c.lifecycles]


def clock_actions() -> dict[tuple[str, str], ClockAction]:
    """What each clock's verb calls, by (subject kind, verb)."""
    return {key: action for c in contexts() for key, action in c.clocks.items()}


def sweeps() -> dict[str, Sweep]:
    """What the sweepers do besides, by name."""
    return {name: sweep for c in contexts() for name, sweep in c.sweeps.items()}


@functools.cache
def policies() -> dict[str, PolicySpec]:
    """Every dated policy that somebody asks for, by name."""
    return {spec.name: spec for c in contexts() for spec in c.policies}


@functools.cache
def messages() -> dict[str, Template]:
    """Every message that somebody sends, by name."""
    return {name: template for c in contexts() for name, template in c.messages.items()}


@functools.cache
def purposes() -> dict[str, frozenset[str]]:
    """The walls: which roles are for which purpose."""
    return {name: roles for c in contexts() for name, roles in c.purposes.items()}


@functools.cache
def file_subjects() -> dict[str, FileSubject]:
    """What files may belong to, by the kind of subject."""
    return {kind: subject for c in contexts() for kind, subject in c.file_subjects.items()}


def reactions(event: Event[F]) -> list[F]:
    """Everything that follows from the event, in the order of the list."""
    return [reaction.do for c in contexts() for reaction in c.follows if reaction.event is event]


def tabs() -> list[Tab]:
    """Every page of the office that says it wants to be found, in order."""
    return sorted((tab for c in contexts() for tab in c.tabs), key=lambda tab: tab.order)


def gathered_names(names: Callable[[Context], Iterable[str]]) -> list[str]:
    """The names that each context brings of one sort, in the alphabet's order."""
    return sorted({name for c in contexts() for name in names(c)})
