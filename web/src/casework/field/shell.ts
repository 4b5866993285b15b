/** The shell around the field app: has the service worker keep all of it, so that it opens without a network. */
export interface Kept {
  complete: boolean;
  have: number;
  of: number;
}
const AGAIN_MS = 60_000;

/** How much of the app this browser has kept; null where it cannot keep any (no service worker, a private window). */
export async function keepWhole(): Promise<Kept | null> {
  const worker = (await navigator.serviceWorker?.ready.catch(() => null))?.active;
  if (!worker) return null;
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (e) => done(e.data as Kept);
    worker.postMessage("keep-field", [port2]);
  });
}

/** Registers the worker and asks until the app is kept whole, again whenever another build has taken over. */
export function openShell(told: (kept: Kept | null) => void = () => undefined): void {
  const workers = navigator.serviceWorker;
  if (!workers) return told(null);
  void workers.register("/sw.js", { scope: "/" }).catch(() => told(null));
  let timer = 0;
  const ask = async () => {
    clearTimeout(timer);
    const kept = await keepWhole();
    told(kept);
    if (kept && !kept.complete) timer = window.setTimeout(ask, AGAIN_MS);
  };
  void ask();
  workers.addEventListener("controllerchange", () => void ask());
  addEventListener("online", () => void ask());
}
