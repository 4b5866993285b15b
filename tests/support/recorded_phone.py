"""A phone of an earlier build: its storage put into a browser, and what the ward knew of it put into a running system."""
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from playwright.sync_api import BrowserContext, Page
from psycopg import sql

from binhan.site.environment import load
from tests.support.stack import Stack

RECORDED = Path(__file__).resolve().parents[1] / "fixtures" / "earlier_phone"
# Everything that the phone kept goes back as it was, under the layout of then; the app opens it only afterwards.
PUT = """async ({ version, stores, localStorage: words }) => {
  for (const [key, word] of Object.entries(words)) localStorage.setItem(key, word);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const back = async (value) => value?.bytes !== undefined ? bytes(value.bytes)
    : value?.key !== undefined ? crypto.subtle.importKey("raw", bytes(value.key), "AES-GCM", false, ["encrypt", "decrypt"])
    : value && typeof value === "object" ? Object.fromEntries(await Promise.all(Object.entries(value).map(
      async ([name, inner]) => [name, await back(inner)]))) : value;
  const rows = await Promise.all(Object.entries(stores).flatMap(([store, kept]) => kept.map(
    async ([key, value]) => [store, key, await back(value)])));
  const db = await new Promise((done, failed) => {
    const asked = indexedDB.open("binhan-field", version);
    asked.onupgradeneeded = () => { for (const store of Object.keys(stores)) asked.result.createObjectStore(store); };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error); });
  const tx = db.transaction(Object.keys(stores), "readwrite");
  for (const [store, key, value] of rows) tx.objectStore(store).put(value, key);
  await new Promise((done, failed) => { tx.oncomplete = done; tx.onabort = () => failed(tx.error); });
  db.close(); }"""
EVENING = timedelta(hours=3)  # after the last touch: what had to wait may be tried again
# The phone's own clock.
THEN = """(() => { const Now = Date, behind = %d;
  globalThis.Date = class extends Now {
    constructor(...given) { if (given.length) super(...given); else super(Now.now() + behind); }
    static now() { return Now.now() + behind; } }; })()"""


def recorded(name: str) -> Any:
    """One of the two recordings: `phone` or `ward`."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def phone_of_then(its: BrowserContext, stack: Stack) -> Page:
    """The phone as it was switched off, with a page of the site that is not the app yet."""
    phone = recorded("phone")
    behind = datetime.fromisoformat(phone["recorded_at"]) + EVENING - datetime.now(UTC)
    its.add_init_script(THEN % (behind.total_seconds() * 1000))
    page = its.new_page()
    page.goto(f"{stack.base}/healthz")
    page.evaluate(PUT, phone)
    return page


def ward_of_then(stack: Stack) -> None:
    """The round, its doors and the phone's registration become the running system's own. Accounts and khu phố are those of
    this sample ward, which gives them new ids each time; the round goes on, and the phone's token is good for a week."""
    ward = recorded("ward")
    env = load({"BINHAN_DATA_DIR": str(stack.folder), "BINHAN_PORT": str(stack.port)})
    with psycopg.connect(env.dsn("postgres")) as db:
        db.execute("SET LOCAL session_replication_role = replica")  # rows as they were, not verbs
        text = json.dumps(ward["rows"])
        for then, now in _same_here(db, ward["known_as"]).items():
            text = text.replace(then, now)
        for table, rows in json.loads(text).items():
            for row in rows:
                _put(db, table, row)
        db.execute("UPDATE casework_round SET to_on = greatest(to_on, current_date + 7) WHERE id = %s", [ward["round"]])
        db.execute("UPDATE access_api_token SET expires_at = now() + interval '7 days' WHERE id = %s", [ward["token"]])


def _same_here(db: psycopg.Connection[Any], known_as: dict[str, str]) -> dict[str, str]:
    found = {}
    for key, name in known_as.items():
        kind, _, called = name.partition(":")
        asked = ("SELECT id FROM people_account WHERE login = %s" if kind == "account"
                 else "SELECT id FROM places_area WHERE kind = 'khu_pho' AND name = %s")
        row = db.execute(asked, [called]).fetchone()
        assert row is not None, name
        found[key] = str(row[0])
    return found


def _put(db: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    """The row as it was; columns that came later get the defaults of their models, as the migration gave them."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    row = {**{f.column: f.get_default() for f in model._meta.concrete_fields if f.column not in row}, **row}
    name, columns = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, row))
    db.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(name), [row["id"]])
    put = sql.SQL("INSERT INTO {name} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{name}, %s)")
    db.execute(put.format(name=name, columns=columns), [json.dumps(row)])
