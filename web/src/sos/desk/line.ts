/** Whether the desk is really connected, in the three colours that an officer can act on. Pure. */
export interface Line {
  open: boolean;
  openedAt: number | null;
  lostAt: number | null;
  lastHeardAt: number | null;
  signedOut: boolean;
}
export type Lamp = { colour: "green" | "amber" | "red"; forS: number; signedOut: boolean };
export const NEW_LINE: Line = { open: false, openedAt: null, lostAt: null, lastHeardAt: null, signedOut: false };
export const RED_AFTER_MS = 10_000;

export function opened(line: Line, now: number): Line {
  return { ...line, open: true, openedAt: now, lostAt: null, lastHeardAt: now, signedOut: false };
}
export function lost(line: Line, now: number): Line {
  return { ...line, open: false, lostAt: line.lostAt ?? now };
}
export function heard(line: Line, now: number): Line {
  return { ...line, lastHeardAt: now };
}
export function lamp(line: Line, now: number): Lamp {
  const forMs = line.lostAt === null ? 0 : Math.max(0, now - line.lostAt);
  const colour = line.signedOut ? "red" : line.open ? "green" : forMs >= RED_AFTER_MS ? "red" : "amber";
  return { colour, forS: Math.floor(forMs / 1000), signedOut: line.signedOut };
}
