"""The field app on a phone that was switched off and has no network: it opens whole. Camera, microphone and pencil work
there too, and what they make is what the server takes."""
from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from binhan.kernel.ids import new_id
from tests.e2e.browser import ARGS, PHONE
from tests.support.pictures import with_gps
from tests.support.stack import Stack

KEPT = """async () => { const { active } = await navigator.serviceWorker.ready;
  for (let n = 0; n < 200; n++) {
    const told = await new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = (e) => done(e.data);
      active.postMessage("keep-field", [c.port2]); });
    if (told.complete) return told;
    await new Promise((r) => setTimeout(r, 300)); }
  return null; }"""
ALL = """async (files) => Object.fromEntries(await Promise.all(files.map(async (f) => [f, await fetch(f).then(
  async (r) => r.ok ? [...new Uint8Array(await crypto.subtle.digest("SHA-256", await r.arrayBuffer()))].slice(0, 8)
    .map((b) => b.toString(16).padStart(2, "0")).join("") : String(r.status), String)])))"""
MOUNT = """async ([part, sheet]) => { await new Promise((loaded) => document.head.append(Object.assign(
    document.createElement("link"), { rel: "stylesheet", href: sheet, onload: loaded })));
  await import(part); const el = document.createElement("field-capture"); window.made = [];
  el.addEventListener("captured", async (e) => { const bytes = new Uint8Array(await e.detail.blob.arrayBuffer());
    window.made.push({ kind: e.detail.kind, mime: e.detail.blob.type, bytes: btoa(Array.from(bytes, (b) =>
      String.fromCharCode(b)).join("")) }); });
  document.body.replaceChildren(el); }"""


@contextmanager
def phone(folder: Path) -> Iterator[BrowserContext]:
    """The same phone each time: what it keeps lies in the folder. Its camera and microphone are made up."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed (as root, `make test` installs it)")
    with sync_playwright() as playwright:
        its = playwright.chromium.launch_persistent_context(
            folder, executable_path=program, viewport={"width": PHONE["width"], "height": PHONE["height"]}, locale="vi-VN",
            args=[*ARGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
        its.set_default_timeout(60_000)
        yield its
        its.close()


def files_of(page: Page) -> dict[str, str]:
    """Every file of the field app with its digest, as the worker has them."""
    worker: str = page.evaluate("fetch('/sw.js').then((r) => r.text())")
    found = re.search(r'"?files"?:(\{"/assets[^}]*\})', worker)
    assert found is not None
    files: dict[str, str] = json.loads(found.group(1))
    return files


@pytest.fixture(scope="module")
def kept(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A phone on which the app was opened once, with a network, and which was switched off."""
    folder = tmp_path_factory.mktemp("phone")
    with phone(folder) as its:
        page = its.new_page()
        page.goto(f"{stack.base}/field")
        told = page.evaluate(KEPT)
        files = files_of(page)
        assert told and told["have"] == told["of"] == len(files)
    return folder, files


def test_it_opens_whole_after_a_restart_without_a_network(stack: Stack, kept: tuple[Path, dict[str, str]]) -> None:
    folder, files = kept
    with phone(folder) as its:
        its.set_offline(True)
        page = its.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{stack.base}/field")
        expect(page.locator("field-app h1").first).to_be_visible()
        assert page.evaluate(ALL, list(files)) == files
        page.goto(f"{stack.base}/sos")
        expect(page.locator("#sos")).to_be_visible()
        assert faults == []


def test_photo_voice_and_sketch_without_a_network_are_what_the_server_takes(
        stack: Stack, kept: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, files = kept
    part, sheet = (next(f for f in files if re.search(rf"/field-capture-[^/]+[.]{kind}$", f)) for kind in ("js", "css"))
    (tmp_path / "chup.jpg").write_bytes(with_gps(4000, 3000, orientation=6))
    with phone(folder) as its:
        its.set_offline(True)
        page = its.new_page()
        page.goto(f"{stack.base}/field")
        page.evaluate(MOUNT, [part, sheet])
        page.get_by_text("Chụp ảnh").click()
        page.locator("input[type=file]").set_input_files(tmp_path / "chup.jpg")
        page.get_by_text("Giữ lại").click()
        page.get_by_text("Ghi âm").click()
        page.get_by_text("Bắt đầu ghi").click()
        expect(page.get_by_role("timer")).to_contain_text("0:02 trên 2:00")
        page.get_by_text("Dừng ghi").click()
        expect(page.locator("audio")).to_be_visible()
        assert page.evaluate("""new Promise((done) => { const a = document.querySelector("audio"); a.onerror = () =>
          done("cannot be played"); a.oncanplay = () => done("plays"); a.load(); })""") == "plays"
        page.get_by_text("Giữ lại").click()
        page.get_by_text("Vẽ sơ đồ").click()
        box = page.locator("canvas").bounding_box()
        assert box is not None
        for x in (0.2, 0.6):
            page.mouse.move(box["x"] + box["width"] * x, box["y"] + 20)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] * (x + 0.2), box["y"] + 150, steps=8)
            page.mouse.up()
        page.get_by_text("Bỏ nét cuối").click()
        page.get_by_text("Giữ lại").click()
        expect(page.get_by_text("Vẽ sơ đồ")).to_be_visible()
        made: list[dict[str, Any]] = page.evaluate("window.made")
    assert [m["kind"] for m in made] == ["photo", "voice", "sketch"]
    for one in made:
        content = base64.b64decode(one["bytes"])
        assert len(content) <= {"photo": 600_000, "voice": 1_500_000, "sketch": 300_000}[one["kind"]]
        assert b"BIMAT" not in content and b"Exif" not in content
        said = {"ward": 25888, "kind": one["kind"], "mime": one["mime"], "size": len(content), "offset": 0,
                "sha256": hashlib.sha256(content).hexdigest()}
        status, answer = stack.call("PUT", f"/api/files/{new_id()}?{urlencode(said)}", raw=content,
                                    token=stack.token("mattran"), headers={"Content-Type": one["mime"]})
        assert (status, answer.get("done")) == (200, True), (one["kind"], one["mime"], answer)
