/** Which key means what. Pure: a keystroke in, a command out, nothing while somebody is writing. */
export type Command =
  | {
      do:
        | "up"
        | "down"
        | "acknowledge"
        | "send"
        | "close"
        | "new"
        | "message"
        | "help"
        | "escape"
        | "transfer"
        | "merge"
        | "triage";
    }
  | { do: "pick"; number: number };
export interface Stroke {
  key: string;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
  writing?: boolean;
  dialog?: boolean;
  repeat?: boolean;
}

const PLAIN: Record<string, Exclude<Command, { do: "pick" }>["do"]> = {
  arrowup: "up",
  k: "up",
  arrowdown: "down",
  j: "down",
  a: "acknowledge",
  s: "send",
  c: "close",
  n: "new",
  m: "message",
  "?": "help",
  t: "transfer",
  g: "merge",
  p: "triage",
};

/**
 * A key that is held down moves through the queue, but acknowledges and sends once: a book on the keyboard must not
 * empty the queue.
 */
export function commandOf(stroke: Stroke): Command | null {
  if (stroke.key === "Escape") return { do: "escape" };
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey || stroke.writing || stroke.dialog) return null;
  if (/^[1-9]$/.test(stroke.key) && !stroke.repeat) return { do: "pick", number: Number(stroke.key) };
  const found = PLAIN[stroke.key.toLowerCase()];
  return found && (!stroke.repeat || found === "up" || found === "down") ? { do: found } : null;
}

/** True for an element into which people write, so that letters stay letters. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.tagName && (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable);
}
