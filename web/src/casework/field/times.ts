/** Times that one tap can choose, by the clock of Vietnam whatever the phone is set to. Pure. */
const HOUR = 3600_000;
const DAY = 24 * HOUR;
const EAST = 7 * HOUR;
export type When = "afternoon" | "tonight" | "morning" | "evening" | "saturday" | "sunday";
export interface Choice {
  when: When;
  at: string;
}

/** Midnight in Vietnam of the day that `now` lies in. */
export const midnight = (now: number): number => Math.floor((now + EAST) / DAY) * DAY - EAST;

/** The next four sensible times to come back. */
export function comeBackChoices(now: number): Choice[] {
  const today = midnight(now);
  const weekday = new Date(today + EAST).getUTCDay();
  const toSaturday = (6 - weekday + 7) % 7;
  const toSunday = (7 - weekday) % 7;
  const offered: [When, number][] = [
    ["afternoon", today + 16.5 * HOUR],
    ["tonight", today + 19 * HOUR],
    ["morning", today + DAY + 9 * HOUR],
    ["evening", today + DAY + 18.5 * HOUR],
    ["saturday", today + toSaturday * DAY + 9 * HOUR],
    ["sunday", today + toSunday * DAY + 9 * HOUR],
  ];
  const used = new Set<number>();
  const open = offered.filter(([, at]) => at > now + HOUR / 2 && !used.has(at) && used.add(at));
  return open
    .slice(0, 4)
    .sort((a, b) => a[1] - b[1])
    .map(([when, at]) => ({ when, at: new Date(at).toISOString() }));
}

/** The day, as yyyy-mm-dd in Vietnam, this many days from now. */
export function dayAfter(now: number, days: number): string {
  return new Date(midnight(now) + days * DAY + EAST).toISOString().slice(0, 10);
}

/** "2026-11-25T18:30" of a picker, as Vietnam's time. */
export const fromPicker = (value: string): string => (value ? new Date(`${value}:00+07:00`).toISOString() : "");
export const toPicker = (at: string): string => (at ? new Date(Date.parse(at) + EAST).toISOString().slice(0, 16) : "");

const DAYS = { vi: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };

/** "T7 28/11 09:00"; the day is left out when it is today. */
export function short(at: string, lang: "vi" | "en", now = Date.now()): string {
  const local = new Date(Date.parse(at) + EAST);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  if (midnight(Date.parse(at)) === midnight(now)) return time;
  return `${DAYS[lang][local.getUTCDay()]} ${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)} ${time}`;
}

/** "28/11" of yyyy-mm-dd. */
export const dayShort = (day: string): string => day.slice(8, 10) + "/" + day.slice(5, 7);
