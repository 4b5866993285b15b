/** A long chat comes in pages: its latest lines, and those before them when somebody scrolls back. Pure. */
export interface Lines<T> {
  lines: T[];
  /** Ask with it for the lines before these; null at the beginning. */
  older: string | null;
}

/** The latest lines behind those that were read before them. Where more has come than a page holds, what is older is
 * let go of: no line may be missing in between. */
export function latest<T extends { id: string }>(kept: Lines<T>, now: Lines<T>): Lines<T> {
  const at = now.lines.length ? kept.lines.findIndex((line) => line.id === now.lines[0]!.id) : -1;
  return at > 0 ? { lines: [...kept.lines.slice(0, at), ...now.lines], older: kept.older } : now;
}

/** The page before those that are here. One that came twice changes nothing. */
export function before<T extends { id: string }>(kept: Lines<T>, page: Lines<T>): Lines<T> {
  const known = new Set(kept.lines.map((line) => line.id));
  return page.lines.some((line) => known.has(line.id))
    ? kept
    : { lines: [...page.lines, ...kept.lines], older: page.older };
}
