/** The SOS page: press first, everything else after. Works alone; asks the server for nothing before the press. */
import "../../ui/tokens.css";
import "./press.css";
import { PRESS } from "../../i18n/press";
import { keepLang, pickLang, translator } from "../../i18n";
import { newId } from "../../kernel/ids";
import { request } from "../../live/http";
import { cover, drawCover, wireCover } from "./cover";
import { attachHold } from "./hold";
import { KEY, keepText, loadRecord, loadSpare, saveRecord } from "./keep";
import { wireMistake } from "./mistake";
import { Position } from "./position";
import { Sender } from "./sender";
import {
  deskWord,
  isOver,
  kindOf,
  lineOf,
  mayPressAgain,
  takeChange,
  takeOlder,
  takeStatus,
  worthResuming,
  type Change,
  type Line,
  type PressBody,
  type Record_,
  type Status,
} from "./state";
import { $, paint, setText, speak, type T } from "./view";
import { Watch } from "./watch";

let lang = pickLang();
const SAY = { vi: translator(PRESS, "vi"), en: translator(PRESS, "en") };
const t: T = (key, values) => SAY[lang](key, values);
const query = new URLSearchParams(location.search);
const place = query.get("p")?.slice(0, 60) || null;
const drill = query.get("drill") === "1";
const contact: { lost: number | null } = { lost: null };
let sender: Sender | null = null;
let watch: Watch | null = null;
let shown: Line | null = null;
let heard: string | null = null;
let config: { demo?: boolean; sms_number?: string } = {};

const position = new Position(
  (fix) => {
    if (!sender || isOver(sender.record)) return false;
    sender.add("fix", { lat: fix.lat, lon: fix.lon, accuracy_m: Math.round(fix.accuracy_m) });
    return true;
  },
  () => show(),
);

function show(): void {
  const record = sender?.record;
  paintBand();
  if (!record) return;
  const line = lineOf(record, Date.now());
  const word = deskWord(record)?.id ?? null;
  const news =
    shown !== null && ((shown !== line && !["sending", "stored"].includes(line)) || (word !== null && word !== heard));
  shown = line;
  heard = word ?? heard;
  paint(record, t, Date.now(), contact);
  setText("where", position.words(record, t));
  paintSms();
  if (news && !record.body.silent && !record.calm) navigator.vibrate?.(line === "unsent" ? [400, 150, 400] : [150]);
}

function paintBand(): void {
  const demo = sender?.record.answer?.demo ?? config.demo ?? false;
  $("band").hidden = !demo && !drill;
  // The disguise too, but without giving it away.
  setText("cover-title", t("coverTitle") + (demo ? t("coverSample") : ""));
  setText(
    "band-text",
    [drill || sender?.record.body.drill ? t("drill") : "", demo ? t("demo") : ""].filter(Boolean).join(" · "),
  );
}

function makeBody(): PressBody {
  const silent = $<HTMLInputElement>("silent").checked;
  const device_id = keepText("binhan-device") ?? keepText("binhan-device", newId()) ?? newId();
  const body: PressBody = { press_id: newId(), at: new Date().toISOString(), lang, device_id, silent };
  if (place) body.place_code = place;
  if (drill) body.drill = true;
  const fix = position.fresh(Date.now());
  position.told = fix;
  if (fix) Object.assign(body, { lat: fix.lat, lon: fix.lon, accuracy_m: Math.round(fix.accuracy_m) });
  const phone = keepText("binhan-phone");
  if (phone && !silent) body.phone = phone;
  return body;
}

function begin(): void {
  // Another tab of this phone may have an SOS under way that this one slept through: one need, one SOS.
  const other = loadRecord();
  const open = other && worthResuming(other, Date.now()) && !mayPressAgain(other, Date.now()) ? other : null;
  const body = open?.body ?? makeBody();
  follow(open ?? { body, made_at: Date.now(), tries: 0, facts: [] });
  if (body.silent) cover(true, t);
  else {
    navigator.vibrate?.([80, 60, 200]);
    $("line").focus();
  }
  void tellBattery();
}

function follow(record: Record_): void {
  sender = new Sender(record, (now) => {
    if (isOver(now)) end(now);
    else if (now.answer && !watch) listen(now.answer);
    show();
  });
  sender.put(record);
  sender.now();
  if (!isOver(record)) position.start();
  void navigator.serviceWorker?.ready
    .then((r) => (r as unknown as { sync?: { register(tag: string): Promise<void> } }).sync?.register("press"))
    .catch(() => undefined);
}

/** Over: no position leaves the phone any more, and a silent SOS leaves no trace on it. */
function end(record: Record_): void {
  watch?.close();
  watch = null;
  position.stop();
  if (record.body.silent) void saveRecord(null);
}

function listen(answer: { press_id: string; track_token: string }): void {
  const take = (status: Status) => sender!.put(takeStatus(sender!.record, status, Date.now()));
  const unknown = () => {
    watch?.close();
    watch = null;
    sender!.again();
  };
  const change = (change: Change) => sender!.put(takeChange(sender!.record, change, Date.now()));
  watch = new Watch(answer, contact, take, change, unknown, show);
}

/** Scroll back in a long chat. Without a network nothing happens, and the button stays. */
async function readOlder(): Promise<void> {
  const line = sender?.record.status?.messages_older;
  const page = line && (await watch?.older(line).catch(() => null));
  if (page) sender!.put(takeOlder(sender!.record, { lines: page.messages, older: page.messages_older }));
}

async function tellBattery(): Promise<void> {
  const battery = await (navigator as unknown as { getBattery?(): Promise<{ level: number }> })
    .getBattery?.()
    .catch(() => null);
  if (battery) sender?.add("battery", { level: battery.level });
}

function label(key: "hold" | "holding" | "confirm", holding = false): void {
  $("sos").classList.toggle("holding", holding);
  setText("hold-label", t(key));
}
attachHold($("sos"), {
  start: () => {
    label("holding", true);
    if (!$<HTMLInputElement>("silent").checked) navigator.vibrate?.(30);
  },
  cancel: () => label("hold"),
  armed: () => label("confirm"),
  disarmed: () => label("hold"),
  fire: begin,
});

function wireForm(form: string, kind: string, field: string, input: string): void {
  $(form).addEventListener("submit", (e) => {
    e.preventDefault();
    const box = $<HTMLInputElement>(input);
    const value = box.value.trim();
    if (!value) return;
    sender?.add(kind, { [field]: value });
    if (kind === "phone") keepText("binhan-phone", $<HTMLInputElement>("remember").checked ? value : null);
    else box.value = "";
  });
}

/** What others are told by SMS or a shared text: where, and which press. */
function helpText(): string {
  const { record } = sender!;
  const fix = position.last;
  const kind = kindOf(record) as keyof typeof PRESS | undefined;
  const pos = fix
    ? `${fix.lat.toFixed(5)},${fix.lon.toFixed(5)}`
    : record.body.lat !== undefined
      ? `${record.body.lat},${record.body.lon}`
      : (record.body.place_code ?? "?");
  const text = t("smsBody", { kind: kind ? `${t(kind)}. ` : "", pos, code: record.body.press_id.slice(-6) });
  // Without accents: one accent would halve what fits into a text message.
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D");
}

/** The prepared text message; without a number of the ward's own it is honest about who gets it. */
function paintSms(): void {
  setText("sms", t(config.sms_number ? "sms" : "smsOthers"));
  $("sms-none").hidden = Boolean(config.sms_number);
  $<HTMLAnchorElement>("sms").href = `sms:${config.sms_number ?? ""}?body=${encodeURIComponent(helpText())}`;
}

async function share(): Promise<void> {
  const where = /\d+\.\d+,\d+\.\d+/.exec(helpText())?.[0];
  const text = helpText() + (where ? ` https://maps.google.com/?q=${where}` : "");
  if (navigator.share) return void (await navigator.share({ text }).catch(() => undefined));
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (copied) return setText("share", t("copied"));
  $("share-text").hidden = false; // nothing to share or copy with: to be read out or typed over
  setText("share-text", text);
}

/** All words of the page in the language chosen now; nothing typed is lost and the SOS goes on. */
function speakAll(): void {
  document.documentElement.lang = lang;
  document.title = t("title");
  speak(t);
  drawCover(t);
  if (place) Object.assign($("placeline"), { hidden: false, textContent: t("place", { name: place }) });
  show();
}

function wire(): void {
  wireForm("note-form", "note", "text", "note");
  wireForm("phone-form", "phone", "phone", "phone");
  wireForm("chat-form", "chat", "text", "chat-text");
  wireMistake(() => sender, t);
  $("kinds").addEventListener("click", (e) => {
    const kind = (e.target as HTMLElement).closest<HTMLElement>("[data-kind]")?.dataset["kind"];
    if (kind) sender?.add("kind", { value: kind });
  });
  $("safe").addEventListener("click", () => sender?.add("safe"));
  $("silent").addEventListener("change", () => ($("silent-help").hidden = !$<HTMLInputElement>("silent").checked));
  $("lang").addEventListener("click", () => {
    lang = lang === "vi" ? "en" : "vi";
    keepLang(lang);
    query.delete("lang");
    history.replaceState(null, "", `${location.pathname}?${query}`.replace(/\?$/, ""));
    speakAll();
  });
  $("chat-older").addEventListener("click", () => void readOlder());
  $("said").addEventListener("click", () => $("chat-text").focus());
  // Leaves no entry to come back to; the SOS itself goes on at the desk.
  $("exit").addEventListener("click", () =>
    location.replace(navigator.onLine ? "https://www.google.com/" : "about:blank"),
  );
  $("again").addEventListener("click", () => void saveRecord(null).finally(() => location.reload()));
  $("share").addEventListener("click", () => void share());
  addEventListener("beforeinstallprompt", (e) => {
    e.preventDefault();
    $("install").hidden = false;
    $("install").onclick = () => void (e as unknown as { prompt(): Promise<void> }).prompt();
  });
}

/** Follow what another tab of this phone has done to the SOS, or whatever happened while this one slept. */
function heed(): void {
  const kept = loadRecord();
  if (!sender || !kept) return resume(kept);
  if (kept.body.press_id === sender.record.body.press_id) sender.adopt(kept);
  else if (kept.made_at > sender.record.made_at) location.reload();
}

function resume(record: Record_ | null): void {
  if (sender || !record) return;
  if (!worthResuming(record, Date.now())) return void saveRecord(null);
  follow(record);
  if (record.body.silent) cover(true, t);
}

/** Known from the last visit too, since the page must say the same without a network. */
function configure(text: string | null): void {
  try {
    config = { ...config, ...(JSON.parse(text ?? "{}") as Partial<typeof config>) };
  } catch {
    return;
  }
  show();
}

/** Asked until it is known: without it nobody could tell a sample system from a real one. */
async function askConfig(): Promise<void> {
  try {
    configure(keepText("binhan-config", JSON.stringify(await request<object>("GET", "/client-config.json"))));
  } catch {
    setTimeout(() => void askConfig(), 5000);
  }
}

// Whatever breaks here, the person must not wait in front of a page that stands still.
addEventListener("error", () => ($("trouble").hidden = false));
wire();
wireCover(t);
speakAll();
configure(keepText("binhan-config"));
resume(loadRecord());
if (!sender) void loadSpare().then(resume);
addEventListener("storage", (e) => {
  if (e.key !== KEY) return;
  if (e.newValue === null && sender && !sender.record.body.silent)
    location.reload(); // put away in the other tab
  else heed();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  heed();
  if (sender && !isOver(sender.record)) position.start();
});
const phone = keepText("binhan-phone");
$<HTMLInputElement>("phone").value = phone ?? "";
$<HTMLInputElement>("remember").checked = phone !== null;
void navigator.permissions
  ?.query({ name: "geolocation" })
  .then((p) => {
    const allowed = () => void (p.state === "granted" && !(sender && isOver(sender.record)) && position.start());
    p.addEventListener("change", allowed);
    allowed();
  })
  .catch(() => undefined);
void askConfig();
setInterval(show, 1000);
if ("serviceWorker" in navigator)
  void navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
