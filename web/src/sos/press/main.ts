/** The SOS page: press first, everything else after. Works alone; asks the server for nothing before the press. */
import "../../ui/tokens.css";
import "./press.css";
import { PRESS } from "../../i18n/press";
import { keepLang, pickLang, translator } from "../../i18n";
import { distanceM, metres } from "../../kernel/geo";
import { newId } from "../../kernel/ids";
import { request } from "../../live/http";
import { EventStream } from "../../live/sse";
import { attachHold } from "./hold";
import { keepText, loadRecord, saveRecord } from "./keep";
import { checkPin, hasPin, setPins } from "./pin";
import { Sender } from "./sender";
import { isOver, takeStatus, worthSending, type Fix, type PressBody, type Record_, type Status } from "./state";
import { $, paint, speak } from "./view";

const lang = pickLang();
const t = translator(PRESS, lang);
const place = new URLSearchParams(location.search).get("p")?.slice(0, 60) ?? null;
const contact: { lost: number | null } = { lost: null };
let sender: Sender | null = null;
let stream: EventStream | null = null;
let lastFix: Fix | null = null;
let lastSent: Fix | null = null;
let smsNumber = "";

document.documentElement.lang = lang;
document.title = t("title");
speak(t);
for (const [id, done] of [["lang", () => (keepLang(lang === "vi" ? "en" : "vi"), location.reload())], ["exit", () => location.replace("about:blank")]] as const) $(id).addEventListener("click", done);

const show = () => sender && paint(sender.record, t, Date.now(), contact);

function deviceId(): string {
  return keepText("binhan-device") ?? keepText("binhan-device", newId()) ?? newId();
}

function begin(): void {
  const silent = $<HTMLInputElement>("silent").checked;
  const body: PressBody = { press_id: newId(), at: new Date().toISOString(), lang, device_id: deviceId(), silent };
  if (place) body.place_code = place;
  if (lastFix && Date.now() - lastFix.at < 120_000) {
    Object.assign(body, { lat: lastFix.lat, lon: lastFix.lon, accuracy_m: Math.round(lastFix.accuracy_m) });
    lastSent = lastFix;
  }
  const phone = keepText("binhan-phone");
  if (phone && !silent) body.phone = phone;
  if (!silent) navigator.vibrate?.([80, 60, 200]);
  $("cover").hidden = !silent;
  follow({ body, made_at: Date.now(), tries: 0, facts: [] });
  $("line").focus();
}

function follow(record: Record_): void {
  saveRecord(record);
  sender = new Sender(record, (now) => {
    if (now.answer && !stream && !isOver(now)) watch(now);
    show();
  });
  sender.put(record);
  sender.now();
  if (record.answer && !isOver(record)) watch(record);
  watchPosition();
  registerSync();
}

function watch(record: Record_): void {
  const { press_id, track_token } = record.answer!;
  const path = `/live/press/${press_id}`;
  const take = (status: Status) => {
    contact.lost = null;
    sender!.put(takeStatus(sender!.record, status));
    if (isOver(sender!.record)) stream?.close();
  };
  stream?.close();
  stream = new EventStream({
    url: () => `${path}/events?token=${encodeURIComponent(track_token)}`,
    onEvent: (e) => e.event === "status" && take(JSON.parse(e.data) as Status),
    onState: (state) => {
      if (state === "open") contact.lost = null;
      else if (state !== "closed") contact.lost ??= Date.now();
      show();
    },
    onRefused: () => true,
  });
  // Some networks hold event streams back: ask as well, while the stream is not open.
  setInterval(() => {
    if (contact.lost && !isOver(sender!.record)) void request<Status>("GET", path, undefined, { Authorization: `Bearer ${track_token}` }).then(take).catch(() => undefined);
  }, 5000);
}

let watching = false;
function watchPosition(): void {
  if (watching || !("geolocation" in navigator)) return;
  watching = true;
  navigator.geolocation.watchPosition(
    (p) => {
      lastFix = { lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy, at: Date.now() };
      $("where").textContent = sender ? t("whereGood", { m: metres(p.coords.accuracy) }) : "";
      const moved = lastSent ? distanceM(lastSent.lat, lastSent.lon, lastFix.lat, lastFix.lon) : 0;
      if (sender && !isOver(sender.record) && worthSending(lastSent, lastFix, moved)) {
        lastSent = lastFix;
        sender.add("fix", { lat: lastFix.lat, lon: lastFix.lon, accuracy_m: Math.round(lastFix.accuracy_m) });
      }
    },
    () => ($("where").textContent = lastFix ? "" : t("whereNone")),
    { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 },
  );
  $("where").textContent = t("whereWait");
}

function registerSync(): void {
  void navigator.serviceWorker?.ready.then((r) => (r as unknown as { sync?: { register(tag: string): Promise<void> } }).sync?.register("press")).catch(() => undefined);
}

attachHold($("sos"), {
  start: () => ($("sos").classList.add("holding"), ($("hold-label").textContent = t("holding")), watchPosition()),
  cancel: () => ($("sos").classList.remove("holding"), ($("hold-label").textContent = t("hold"))),
  armed: () => ($("hold-label").textContent = t("confirm")),
  fire: begin,
});

function wire(id: string, kind: string, field: string, input: string): void {
  const go = () => {
    const value = $<HTMLInputElement>(input).value.trim();
    if (!value || !sender) return;
    sender.add(kind, { [field]: value });
    if (kind === "phone") keepText("binhan-phone", $<HTMLInputElement>("remember").checked ? value : null);
    else $<HTMLInputElement>(input).value = "";
  };
  $(id).addEventListener(id.endsWith("form") ? "submit" : "click", (e) => (e.preventDefault(), go()));
}
wire("note-send", "note", "text", "note");
wire("phone-send", "phone", "phone", "phone");
wire("chat-form", "chat", "text", "chat-text");
$("kinds").addEventListener("click", (e) => {
  const kind = (e.target as HTMLElement).closest<HTMLElement>("[data-kind]")?.dataset["kind"];
  if (kind) sender?.add("kind", { value: kind });
});
$("safe").addEventListener("click", () => sender?.add("safe", {}));
$("mistake").addEventListener("click", () => {
  $("ask-text").textContent = t("mistakeAsk");
  $("pin-block").hidden = !hasPin();
  $("pin-wrong").textContent = "";
  $<HTMLInputElement>("pin").value = "";
  $<HTMLDialogElement>("ask").showModal();
});
$("ask-yes").addEventListener("click", async (e) => {
  if (!hasPin()) return void sender?.add("cancel", {});
  e.preventDefault();
  const kind = await checkPin($<HTMLInputElement>("pin").value);
  if (!kind) return void ($("pin-wrong").textContent = t("pinWrong"));
  sender?.add(kind, {});
  $<HTMLDialogElement>("ask").close();
});
$("pin-save").addEventListener("click", async () => {
  const good = await setPins($<HTMLInputElement>("pin-real").value, $<HTMLInputElement>("pin-duress").value);
  $("pin-kept").textContent = t(good ? "pinSaved" : "pinBad");
});
$("again").addEventListener("click", () => (saveRecord(null), location.reload()));
$("cover").addEventListener("dblclick", () => ($("cover").hidden = true));
let tapped = 0;
$("cover").addEventListener("click", (e) => {
  if (e.timeStamp - tapped < 600) $("cover").hidden = true;
  tapped = e.timeStamp;
});

function positionText(): string {
  return lastFix ? `${lastFix.lat.toFixed(5)},${lastFix.lon.toFixed(5)}` : place ?? "?";
}
const helpText = () => t("smsBody", { kind: sender?.record.body.kind ?? "", pos: positionText(), code: sender?.record.body.press_id.slice(-6) ?? "" });
$("sms").addEventListener("click", () => ($<HTMLAnchorElement>("sms").href = `sms:${smsNumber}?body=${encodeURIComponent(helpText())}`));
$("share").addEventListener("click", async () => {
  const text = `${helpText()} https://maps.google.com/?q=${positionText()}`;
  if (navigator.share) await navigator.share({ text }).catch(() => undefined);
  else await navigator.clipboard?.writeText(text).then(() => ($("share").textContent = t("copied"))).catch(() => undefined);
});

const before = loadRecord();
if (before && (!isOver(before) || Date.now() - before.made_at < 600_000) && Date.now() - before.made_at < 7 * 86_400_000) follow(before);
if (place && !before) Object.assign($("placeline"), { hidden: false, textContent: t("place", { name: place }) });
$<HTMLInputElement>("phone").value = keepText("binhan-phone") ?? "";
void navigator.permissions?.query({ name: "geolocation" }).then((p) => p.state === "granted" && watchPosition()).catch(() => undefined);
void request<{ demo: boolean; sms_number: string }>("GET", "/client-config.json").then((c) => {
  $("demo").hidden = !c.demo;
  smsNumber = c.sms_number;
  $("sms").hidden = !smsNumber;
}).catch(() => undefined);
setInterval(show, 1000);
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
