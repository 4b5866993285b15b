"""The working set: everything that a phone carries for what was chosen, and nothing else of the ward."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from binhan.casework.phones.models import Device
from binhan.casework.phones.phone import Carried, TurfOffer
from binhan.casework.phones.queries.brought import choice, documents, fields
from binhan.casework.phones.rules.documents import Document, document
from binhan.commons.access.queries import Rights


def working_set(carried: Carried) -> list[Document]:
    """Every document for what was chosen. The number of queries does not grow with the documents."""
    more: dict[str, dict[UUID, dict[str, Any]]] = {}
    for added in fields():
        for key, values in added.fields(carried).items():
            more.setdefault(added.kind, {}).setdefault(key, {}).update(values)
    return [document(brought.kind, key, _whole(body, more.get(brought.kind, {}).get(key)))
            for brought in documents() for key, body in brought.bodies(carried)]


def _whole(body: Mapping[str, Any], more: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {**body, **more} if more else body


class Offer(TurfOffer):
    """The same, and whether one of the caller's own phones carries it."""

    mine: bool


def offers(rights: Rights, ward_id: int) -> list[Offer]:
    """What the account may choose from; `mine`: one of its own phones carries it."""
    carried = {key for keys in Device.objects.filter(account=rights.account, ward_id=ward_id, state="active")
               .values_list("turfs", flat=True) for key in keys}
    return [{**one, "mine": one["id"] in carried} for one in choice().offers(rights, ward_id)]


def chosen_for(rights: Rights, ward_id: int, keys: Sequence[UUID]) -> Sequence[Any]:
    """The rows that were chosen; 404 names those that the account may not carry."""
    return choice().pick(rights, ward_id, keys)
