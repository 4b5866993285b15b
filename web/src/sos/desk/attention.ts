/** Calls the officer back from another window: the title blinks, the icon turns red, the system shows a notice. */
const CALM = "/icons/desk.svg";
/** A red disc with an exclamation mark. */
const RED_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">' +
  '<circle cx="32" cy="32" r="30" fill="#b3161c"/>' +
  '<rect x="27" y="14" width="10" height="24" rx="4" fill="#fff"/>' +
  '<circle cx="32" cy="48" r="5" fill="#fff"/></svg>';
const RED = `data:image/svg+xml,${encodeURIComponent(RED_SVG)}`;

export class Attention {
  private shown: string | null = null;
  private readonly notices = new Map<string, Notification>();

  constructor(private readonly page: Document = document) {}

  /** Call about once a second. `alarm` is the line to blink, or null when all is calm. */
  beat(alarm: string | null, calm: string, now: number): void {
    this.page.title = alarm && Math.floor(now / 1000) % 2 === 0 ? `🔴 ${alarm}` : calm;
    const icon = alarm ? RED : CALM;
    if (icon === this.shown) return;
    this.shown = icon;
    const link =
      this.page.querySelector<HTMLLinkElement>('link[rel="icon"]') ??
      this.page.head.appendChild(Object.assign(this.page.createElement("link"), { rel: "icon" }));
    link.href = icon;
  }

  /** A system notice of a new alarm, only where it was allowed and the desk is out of sight. */
  notify(id: string, text: string): void {
    if (
      !("Notification" in globalThis) ||
      Notification.permission !== "granted" ||
      this.page.visibilityState === "visible"
    )
      return;
    try {
      const notice = new Notification(text, { tag: id, requireInteraction: true, icon: "/icons/desk-192.png" });
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
      this.notices.set(id, notice);
    } catch {
      return; // some phones allow notices only from the service worker; the push does it there
    }
  }

  clear(id: string): void {
    this.notices.get(id)?.close();
    this.notices.delete(id);
  }
}
