/**
 * How this phone shows things: size of the words, contrast for sunlight, which hand. Nothing personal, so kept in
 * clear.
 */
export interface Prefs {
  size: 1 | 2 | 3;
  sun: boolean;
  hand: "left" | "right";
}
const KEY = "binhan-field-look";
const PLAIN: Prefs = { size: 1, sun: false, hand: "right" };

export function prefs(): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Prefs>;
    return {
      size: ([1, 2, 3] as const).find((s) => s === kept.size) ?? 1,
      sun: kept.sun === true,
      hand: kept.hand === "left" ? "left" : "right",
    };
  } catch {
    return PLAIN;
  }
}

export function show(look: Prefs): void {
  const root = document.documentElement;
  root.dataset["size"] = String(look.size);
  root.dataset["hand"] = look.hand;
  root.toggleAttribute("data-sun", look.sun);
}

export function choose(change: Partial<Prefs>): Prefs {
  const next = { ...prefs(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage may be forbidden: it then holds until the page is closed
  }
  show(next);
  return next;
}
