/** fetch with a limit in time, JSON in and out, and problems as they are. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  detail_en: string;
  state?: string;
  moved_by?: string;
  moved_at?: string;
  server_time?: string;
  retry_after_s?: number;
  fields?: { field: string; error: string }[];
}

/** The server said no. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The server could not be reached, or gave no answer in time. */
export class Unreachable extends Error {}

export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  timeoutMs = 10_000,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const answer = await fetch(path, {
      method,
      signal: limit.signal,
      credentials: "same-origin",
      cache: "no-store",
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return (text ? JSON.parse(text) : null) as T;
    throw new Refusal(asProblem(answer.status, text, answer.headers));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export function asProblem(status: number, text: string, headers?: Headers): Problem {
  const after = Number(headers?.get("Retry-After"));
  const later = after > 0 ? { retry_after_s: after } : {};
  try {
    return { code: "failed", detail: "", detail_en: "", ...later, ...JSON.parse(text), status } as Problem;
  } catch {
    return { status, code: "failed", detail: `Lỗi ${status}`, detail_en: `Error ${status}`, ...later };
  }
}

/** Milliseconds after which the server asks to be tried again, a quarter of an hour at most; 0: it does not say. */
export function comeBackMs(error: unknown): number {
  const after = error instanceof Refusal ? (error.problem.retry_after_s ?? 0) : 0;
  return Math.min(after, 900) * 1000;
}

/** A call of /api with the CSRF header that a signed-in session needs. */
export function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  return request<T>(method, `/api${path}`, body, method === "GET" ? {} : { "X-CSRFToken": token });
}
