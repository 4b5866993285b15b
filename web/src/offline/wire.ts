/**
 * Calls with the device's own token. Never with the browser's cookie: two members share one phone, and the cookie may
 * be the other's.
 */
import { asProblem, Refusal, Unreachable } from "../live/http";

export type Fetch = typeof fetch;
const TIMEOUT_MS = 30_000;
export interface Ask {
  body?: unknown;
  token?: string | undefined;
  device?: string | undefined;
  signal?: AbortSignal | undefined;
}

export class Wire {
  constructor(
    readonly fetch: Fetch = (...a) => globalThis.fetch(...a),
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async call<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.timeoutMs);
    try {
      const text = await (await this.ask(method, path, ask, limit)).text();
      return (text ? JSON.parse(text) : null) as T;
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
      limit.abort(); // all has been read; the vault's own signal lets go of this call
    }
  }

  /** The answer's lines as they come; a connection that says nothing for a while is given up. */
  async *lines(path: string, ask: Ask): AsyncGenerator<string> {
    const limit = new AbortController();
    let timer = setTimeout(() => limit.abort(), this.timeoutMs);
    try {
      const answer = await this.ask("POST", path, ask, limit);
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(() => limit.abort(), this.timeoutMs);
        const parts = (rest + value).split("\n");
        rest = parts.pop()!;
        yield* parts;
      }
      if (rest.trim()) yield rest;
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }

  private async ask(method: string, path: string, ask: Ask, limit: AbortController): Promise<Response> {
    if (ask.signal?.aborted) limit.abort();
    ask.signal?.addEventListener("abort", () => limit.abort(), { once: true, signal: limit.signal });
    const answer = await this.fetch(`/api${path}`, {
      method,
      signal: limit.signal,
      credentials: "omit",
      cache: "no-store",
      headers: {
        ...(ask.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(ask.token ? { Authorization: `Bearer ${ask.token}` } : {}),
        ...(ask.device ? { "X-Device": ask.device } : {}),
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    });
    if (answer.ok) return answer;
    throw new Refusal(asProblem(answer.status, await answer.text(), answer.headers));
  }
}
