/** Times as Vietnamese screens show them: Asia/Ho_Chi_Minh, dd/MM/yyyy HH:mm:ss, whatever the phone is set to. */
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

export function clock(at: string | number | Date): string {
  return CLOCK.format(new Date(at));
}

export function dayAndClock(at: string | number | Date): string {
  return `${DAY.format(new Date(at))} ${CLOCK.format(new Date(at)).slice(0, 5)}`;
}

/** Seconds as m:ss, or h:mm:ss. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
