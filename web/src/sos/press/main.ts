/** The SOS page: press first, everything else after. Works alone; asks the server for nothing before the press. */
import "../../ui/tokens.css";
import "./press.css";
import { PRESS } from "../../i18n/press";
import { keepLang, pickLang, translator } from "../../i18n";
import { newId } from "../../kernel/ids";
import { request } from "../../live/http";
import { cover, drawCover } from "./cover";
import { attachHold } from "./hold";
import { keepText, loadRecord, loadSpare, saveRecord } from "./keep";
import { wireMistake } from "./mistake";
import { Position } from "./position";
import { Sender } from "./sender";
import { isOver, kindOf, lineOf, takeStatus, worthResuming, type Line, type PressBody, type Record_, type Status } from "./state";
import { $, paint, setText, speak } from "./view";
import { Watch } from "./watch";

const lang = pickLang();
const t = translator(PRESS, lang);
const query = new URLSearchParams(location.search);
const place = query.get("p")?.slice(0, 60) || null;
const drill = query.get("drill") === "1";
const contact: { lost: number | null } = { lost: null };
let sender: Sender | null = null;
let watch: Watch | null = null;
let shown: Line | null = null;
let config = { demo: false, sms_number: "" };

const position = new Position(t, (fix) => {
  if (!sender || isOver(sender.record)) return false;
  sender.add("fix", { lat: fix.lat, lon: fix.lon, accuracy_m: Math.round(fix.accuracy_m) });
  return true;
}, () => sender !== null && !isOver(sender.record));

function show(): void {
  const record = sender?.record;
  paintBand();
  if (!record) return;
  const line = lineOf(record, Date.now());
  const news = shown !== null && shown !== line && !["sending", "stored"].includes(line);
  shown = line;
  paint(record, t, Date.now(), contact);
  if (news && !record.body.silent && !record.calm) navigator.vibrate?.(line === "unsent" ? [400, 150, 400] : [150]);
}

function paintBand(): void {
  const demo = sender?.record.answer?.demo ?? config.demo;
  $("band").hidden = !demo && !drill;
  setText("band", [drill || sender?.record.body.drill ? t("drill") : "", demo ? t("demo") : ""].filter(Boolean).join(" · "));
}

function makeBody(): PressBody {
  const silent = $<HTMLInputElement>("silent").checked;
  const device_id = keepText("binhan-device") ?? keepText("binhan-device", newId()) ?? newId();
  const body: PressBody = { press_id: newId(), at: new Date().toISOString(), lang, device_id, silent };
  if (place) body.place_code = place;
  if (drill) body.drill = true;
  const fix = (position.told = position.fresh(Date.now()));
  if (fix) Object.assign(body, { lat: fix.lat, lon: fix.lon, accuracy_m: Math.round(fix.accuracy_m) });
  const phone = keepText("binhan-phone");
  if (phone && !silent) body.phone = phone;
  return body;
}

function begin(): void {
  const body = makeBody();
  follow({ body, made_at: Date.now(), tries: 0, facts: [] });
  if (body.silent) cover(true, t);
  else {
    navigator.vibrate?.([80, 60, 200]);
    $("line").focus();
  }
  void tellBattery();
}

function follow(record: Record_): void {
  sender = new Sender(record, (now) => {
    if (now.answer && !watch && !isOver(now)) listen(now.answer);
    show();
  });
  sender.put(record);
  sender.now();
  if (!isOver(record)) position.start();
  position.describe();
  if (place && record.body.place_code) setText("where", t("wherePlace", { name: place }));
  void navigator.serviceWorker?.ready.then((r) => (r as unknown as { sync?: { register(tag: string): Promise<void> } }).sync?.register("press")).catch(() => undefined);
}

function listen(answer: { press_id: string; track_token: string }): void {
  const take = (status: Status) => {
    sender!.put(takeStatus(sender!.record, status, Date.now()));
    if (!isOver(sender!.record)) return;
    watch?.close();
    position.stop();
  };
  const unknown = () => {
    watch?.close();
    watch = null;
    sender!.again();
  };
  watch = new Watch(answer, contact, take, unknown, show);
}

async function tellBattery(): Promise<void> {
  const battery = await (navigator as unknown as { getBattery?(): Promise<{ level: number }> }).getBattery?.().catch(() => null);
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
  const pos = fix ? `${fix.lat.toFixed(5)},${fix.lon.toFixed(5)}` : record.body.lat !== undefined ? `${record.body.lat},${record.body.lon}` : record.body.place_code ?? "?";
  return t("smsBody", { kind: kindOf(record) ?? "", pos, code: record.body.press_id.slice(-6) });
}

async function share(): Promise<void> {
  const where = /\d+\.\d+,\d+\.\d+/.exec(helpText())?.[0];
  const text = helpText() + (where ? ` https://maps.google.com/?q=${where}` : "");
  if (navigator.share) return void (await navigator.share({ text }).catch(() => undefined));
  await navigator.clipboard?.writeText(text).then(() => setText("share", t("copied"))).catch(() => undefined);
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
    keepLang(lang === "vi" ? "en" : "vi");
    query.delete("lang");
    location.search = query.toString();
  });
  // Leaves no entry to come back to; the SOS itself goes on at the desk.
  $("exit").addEventListener("click", () => location.replace(navigator.onLine ? "https://www.google.com/" : "about:blank"));
  $("again").addEventListener("click", () => void saveRecord(null).finally(() => location.reload()));
  $("sms").addEventListener("click", () => ($<HTMLAnchorElement>("sms").href = `sms:${config.sms_number}?body=${encodeURIComponent(helpText())}`));
  $("share").addEventListener("click", () => void share());
  addEventListener("beforeinstallprompt", (e) => {
    e.preventDefault();
    $("install").hidden = false;
    $("install").onclick = () => void (e as unknown as { prompt(): Promise<void> }).prompt();
  });
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
  $("sms").hidden = !config.sms_number;
  $<HTMLAnchorElement>("sms").href = `sms:${config.sms_number}`;
  show();
}

document.documentElement.lang = lang;
document.title = t("title");
speak(t);
drawCover(t);
wire();
configure(keepText("binhan-config"));
resume(loadRecord());
if (!sender) void loadSpare().then(resume);
if (place && !sender) Object.assign($("placeline"), { hidden: false, textContent: t("place", { name: place }) });
const phone = keepText("binhan-phone");
$<HTMLInputElement>("phone").value = phone ?? "";
$<HTMLInputElement>("remember").checked = phone !== null;
void navigator.permissions?.query({ name: "geolocation" }).then((p) => p.state === "granted" && position.start()).catch(() => undefined);
void request<object>("GET", "/client-config.json").then((c) => configure(keepText("binhan-config", JSON.stringify(c)))).catch(() => undefined);
setInterval(show, 1000);
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
