/**
 * A file sent in parts of at most 256 kB. What the server has decides: after a cut it is asked, and only the rest goes.
 */
import { asProblem, Refusal, Unreachable } from "../live/http";

export const PART = 256 * 1024;
const PATIENCE_MS = 60_000;
export interface Sending {
  id: string;
  kind: string;
  mime: string;
  size: number;
  sha256: string;
}
export type Fetcher = (url: string, init: RequestInit) => Promise<Response>;
interface Receipt {
  have: number;
  size: number;
  done: boolean;
}

/**
 * Resolves when the server has stored all of it. Throws `Unreachable` (try again, it goes on where it was) or
 * `Refusal`.
 */
export async function uploadFile(
  token: string,
  wardId: number,
  file: Sending,
  blob: Blob,
  fetcher: Fetcher = (url, init) => fetch(url, init),
  signal?: AbortSignal,
): Promise<void> {
  const put = (offset: number, part: Blob, anew = false) =>
    send(fetcher, address(wardId, file, offset, anew), token, part, signal);
  // An empty part asks: a photo that was half sent yesterday is not sent from its start again.
  let at = file.size <= PART ? { have: 0, done: false } : await put(0, new Blob());
  let anew = false;
  let begun = false;
  let lost = 0;
  while (!at.done) {
    const { have } = at;
    try {
      at = await put(have, blob.slice(have, Math.min(have + PART, file.size)), anew);
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.code !== "damaged" || begun) throw error;
      [at, anew, begun] = [{ have: 0, done: false }, true, true]; // once; damaged twice is damaged here
      continue;
    }
    anew = false;
    lost = at.have > have ? 0 : lost + 1;
    if (!at.done && lost > 2) throw new Unreachable("the server does not move on");
  }
}

async function send(fetcher: Fetcher, url: string, token: string, part: Blob, signal?: AbortSignal): Promise<Receipt> {
  const limit = new AbortController();
  const stop = () => limit.abort(); // by hand: many phones' browsers have no AbortSignal.any
  const timer = setTimeout(stop, PATIENCE_MS);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  try {
    const answer = await fetcher(url, {
      method: "PUT",
      body: part,
      credentials: "omit",
      cache: "no-store",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/octet-stream" },
      signal: limit.signal,
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as Receipt;
    const problem = asProblem(answer.status, text, answer.headers) as Refusal["problem"] & { have?: number };
    if (answer.status === 409 && problem.have !== undefined) return { have: problem.have, size: 0, done: false };
    throw new Refusal(problem);
  } catch (error) {
    throw error instanceof Refusal ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function address(ward: number, { id, kind, mime, size, sha256 }: Sending, offset: number, anew: boolean): string {
  const said = {
    ward: String(ward),
    kind,
    mime,
    size: String(size),
    sha256,
    offset: String(offset),
    ...(anew ? { anew: "true" } : {}),
  };
  return `/api/files/${id}?${new URLSearchParams(said)}`;
}
