/**
 * The service worker of all screens: the SOS page is kept whole, so that it opens without a network; so is the field
 * app once it was opened; the other screens as they were last loaded. Background Sync sends a press that was left
 * behind. Pushes are shown and answered with a receipt. VERSION, PRECACHE, SHELLS and FIELD are put in by the build.
 */
import { openDB } from "idb";
import { newId } from "../kernel/ids";
import { mend, type PressBody } from "../sos/press/state";
import { Field, type FieldSet } from "./field";

declare const VERSION: string;
declare const PRECACHE: string[];
declare const SHELLS: Record<string, string[]>; // what each screen needs to open
declare const FIELD: FieldSet; // everything that the field app can ever ask for
interface Ext extends Event {
  waitUntil(p: Promise<unknown>): void;
  respondWith(r: Promise<Response>): void;
  request: Request;
  tag: string;
  data: { json(): Push } | null;
  ports: { postMessage(m: unknown): void }[];
  notification: { close(): void; data: Push };
}
interface Push {
  id: string;
  title: string;
  body: string;
  url: string;
  urgent: boolean;
  subject_id: string;
}
const scope = self as unknown as {
  addEventListener(n: string, f: (e: Ext) => void): void;
  skipWaiting(): void;
  registration: { showNotification(t: string, o: object): Promise<void> };
  clients: {
    claim(): Promise<void>;
    matchAll(o: object): Promise<{ url: string; focus(): Promise<void> }[]>;
    openWindow(u: string): Promise<unknown>;
  };
};
const CACHE = `binhan-${VERSION}`;
const field = new Field(FIELD);

scope.addEventListener("install", (e) => {
  e.waitUntil(
    caches
      .open(CACHE)
      .then((c) => c.addAll(PRECACHE))
      .then(() => scope.skipWaiting()),
  );
});
scope.addEventListener("activate", (e) => {
  const clean = caches
    .keys()
    .then((keys) =>
      Promise.all(keys.filter((k) => k.startsWith("binhan-") && k !== CACHE).map((k) => caches.delete(k))),
    );
  e.waitUntil(clean.then(() => scope.clients.claim()).then(keepOpenScreens));
});
/** Keep the shells of the screens that are open now: they were loaded before this worker could see it. */
async function keepOpenScreens(): Promise<void> {
  const open = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const wanted = new Set(
    open.flatMap((c) => SHELLS[pageOf(new URL(c.url))] ?? []).filter((f) => !PRECACHE.includes(f)),
  );
  await caches
    .open(CACHE)
    .then((c) => c.addAll([...wanted]))
    .catch(() => undefined); // they are kept as they are used anyway
  // Not waited for: until this worker is active, the SOS page waits too. Its own page asks for the rest
  // (casework/field/shell.ts).
  if (open.some((c) => pageOf(new URL(c.url)) === FIELD.page)) void field.keep();
}
scope.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  const page = pageOf(url);
  // The SOS page opens at once, as it was installed with its files: whoever needs it cannot wait for a slow network.
  if (PRECACHE.includes(page)) e.respondWith(keptOrFresh(e.request, page));
  else if (page === FIELD.page) {
    e.respondWith(fieldPage(e.request));
    e.waitUntil(field.keep());
  } else if (page in SHELLS) e.respondWith(freshOrKept(page, e.request, 2500));
  else if (/^\/(assets|icons)\//.test(url.pathname) || url.pathname.endsWith(".webmanifest"))
    e.respondWith(keptOrFresh(e.request));
});
const pageOf = (url: URL) => url.pathname.replace(/\/$/, "");
/** The field app asks, while it is open and has a network, that all of it be kept; it is told how far that is. */
scope.addEventListener("message", (e) => {
  if ((e.data as unknown) === "keep-field")
    e.waitUntil(field.keep().then((progress) => e.ports[0]?.postMessage(progress)));
});

/** The field app as it is kept, at once; from the network only while it is not here whole. */
async function fieldPage(request: Request): Promise<Response> {
  const kept = await field.page();
  if (kept) return kept;
  return fetch(request).catch(
    () => new Response(NOT_KEPT, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } }),
  );
}
const NOT_KEPT = [
  '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
  '<title>Bình An</title><body style="font:20px sans-serif;margin:2rem">',
  "<h1>Máy này chưa lưu đủ ứng dụng</h1>",
  "<p>Hãy mở lại một lần khi có mạng; sau đó ứng dụng mở được cả khi không có mạng.</p>",
  '<p lang="en">This phone has not kept the whole app yet. Open it once with a network.</p>',
  '<p><a href="/sos" style="font-size:1.5rem">SOS</a> · <a href="tel:113">113</a></p>',
].join("");

/** The page from the network if it answers soon, else as it was kept. */
async function freshOrKept(page: string, request: Request, patienceMs: number): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(page);
  const fresh = fetch(request).then((r) => {
    if (r.ok) void cache.put(page, r.clone());
    return r;
  });
  if (!kept) return fresh;
  const late = new Promise<Response>((done) => setTimeout(() => done(kept.clone()), patienceMs));
  return Promise.race([fresh.then((r) => (r.ok ? r : kept.clone())).catch(() => kept.clone()), late]);
}

async function keptOrFresh(request: Request, name: Request | string = request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const path = new URL(request.url).pathname;
  const kept = (await cache.match(name)) ?? (name === request ? await field.file(path) : undefined);
  if (kept) return kept;
  const fresh = await fetch(request);
  // The SOS page is only ever replaced together with its files, by the next install: a page without them is worse than
  // an old one.
  if (fresh.ok && name === request && !field.owns(path)) void cache.put(request, fresh.clone());
  return fresh;
}

scope.addEventListener("sync", (e) => {
  if (e.tag === "press") e.waitUntil(sendLeftBehind());
});
async function sendLeftBehind(): Promise<void> {
  const db = await openDB("binhan-press", 1, { upgrade: (d) => void d.createObjectStore("now") });
  let body = (await db.get("now", "press")) as PressBody | undefined;
  for (let tries = 0; body && tries < 4; tries++) {
    const answer = await fetch("/live/press", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    // The page finds it there when its own try comes second.
    if (answer.ok) return void (await db.put("now", await answer.json(), "answered"));
    if (answer.status === 409) return; // stored already; the page knows more
    if (answer.status !== 400 && answer.status !== 422) break;
    const problem = (await answer.json().catch(() => ({}))) as { fields?: { field: string }[]; server_time?: string };
    body = {
      ...mend(
        body,
        (problem.fields ?? []).map((f) => f.field),
        problem.server_time,
        newId(),
      ),
      press_id: body.press_id,
    };
  }
  if (body) throw new Error("not stored yet"); // the browser will try again
}

const receipt = (id: string, state: string) =>
  fetch("/api/me")
    .then((r) => r.json())
    .then((me: { csrf: string }) =>
      fetch(`/api/notifications/${id}/receipt`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": me.csrf },
        body: JSON.stringify({ state }),
      }),
    )
    .catch(() => undefined);

scope.addEventListener("push", (e) => {
  const push = e.data?.json();
  if (!push) return;
  e.waitUntil(
    Promise.all([
      scope.registration.showNotification(push.title, {
        body: push.body,
        tag: push.subject_id || push.id,
        renotify: true,
        requireInteraction: push.urgent,
        icon: "/icons/sos-192.png",
        data: push,
        vibrate: push.urgent ? [400, 150, 400, 150, 800] : [200],
      }),
      receipt(push.id, "delivered"),
    ]),
  );
});
scope.addEventListener("notificationclick", (e) => {
  e.notification.close();
  const { url, id } = e.notification.data;
  const open = scope.clients.matchAll({ type: "window", includeUncontrolled: true }).then((all) => {
    const there = all.find((c) => new URL(c.url).pathname.startsWith(new URL(url, location.origin).pathname));
    return there ? there.focus() : scope.clients.openWindow(url);
  });
  e.waitUntil(Promise.all([open, receipt(id, "read")]));
});
