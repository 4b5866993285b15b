"""The code lists of what is heard, and where to go with what is not written down here."""
from __future__ import annotations

from typing_extensions import TypedDict

from binhan.casework.listening.rules import AGENCIES, CHANNELS, DESKS, KINDS, ROUTED, UNITS, URGENCIES
from binhan.commons.language import shown
from binhan.commons.wire import Coded, coded, coded_all


class Desk(TypedDict):
    """Where somebody goes with what is not written down here, whom to call at once, and what to do."""

    desk: str
    call: list[str]
    vi: str
    en: str


class RoutedKind(Coded):
    """A kind that is routed out, and where to."""

    go_to: Desk


class LookAgain(TypedDict):
    """What the words sound like, though another kind was chosen."""

    kind: str
    kind_name: str
    vi: str
    en: str
    go_to: Desk


class ListeningCodes(TypedDict):
    """The code lists of what is heard."""

    kinds: list[Coded]
    units: list[Coded]
    agencies: list[Coded]
    channels: list[Coded]
    urgencies: list[Coded]
    routed: list[RoutedKind]


def codes_json() -> ListeningCodes:
    """Every code list, and where to go with what is not written down here."""
    return {"kinds": coded_all(KINDS), "units": coded_all(UNITS), "agencies": coded_all(AGENCIES),
            "channels": coded_all(CHANNELS), "urgencies": coded_all(URGENCIES),
            "routed": [{**coded(kind, ROUTED[kind]), "go_to": desk_json(kind)} for kind in DESKS]}


def desk_json(kind: str) -> Desk:
    """Where somebody with such a matter goes, and whom to call."""
    desk, call, vi, en = DESKS[kind]
    return {"desk": desk, "call": list(call), "vi": vi, "en": en}


def look_again_json(kind: str) -> LookAgain:
    """The kind that the words sound like, and where to go with it."""
    words = ROUTED[kind]
    return {"kind": kind, "kind_name": shown(words), "vi": words.vi, "en": words.en, "go_to": desk_json(kind)}
