/**
 * Why somebody's data was erased from this phone: kept past the page, until somebody opens it again. Nothing personal,
 * so in clear.
 */
import { SAYS, type Said } from "./says";

export type Reason = "wrongPins" | "ordered";

export class Why {
  private readonly key: string;
  private now: Reason | null = null; // where storage is forbidden it is told once

  constructor(name: string) {
    this.key = `${name}-erased`;
  }

  kept(): Said | null {
    try {
      const kept = localStorage.getItem(this.key);
      if (kept === "wrongPins" || kept === "ordered") return SAYS[kept];
    } catch {
      // what this page knows
    }
    return this.now && SAYS[this.now];
  }

  keep(reason: Reason | null): void {
    this.now = reason;
    try {
      if (reason) localStorage.setItem(this.key, reason);
      else localStorage.removeItem(this.key);
    } catch {
      // see above
    }
  }
}
