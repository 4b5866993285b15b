/**
 * One call of /api: the address, what may be given and what comes back are those of the generated document, so that an
 * operation which changes its name or shape is an error of the compiler here.
 */
import { api } from "../live/http";
import type { paths } from "./openapi";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Address<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: object } ? P : never;
}[keyof paths];

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : null;
type Good<R> = R extends { 200: infer Whole } ? Whole : R extends { 201: infer Made } ? Made : unknown;
/** What an operation answers when all is well; null for one without a body. */
export type Answer<M extends Method, P extends Address<M>> = paths[P][M] extends { responses: infer R }
  ? Json<Good<R>>
  : never;

type Part<Op, K extends string> = Op extends { parameters: { [Name in K]: infer Value } }
  ? { [Name in K]: Value }
  : object;
type Query<Op> = Op extends { parameters: { query?: infer Value } } ? { query?: Value } : object;
type Body<Op> = Op extends { requestBody: { content: { "application/json": infer Value } } }
  ? { body: Value }
  : Op extends { requestBody?: { content: { "application/json": infer Value } } }
    ? { body?: Value }
    : object;
/** What an operation is asked with: the variable parts of its address, its query, its body. */
export type Given<M extends Method, P extends Address<M>> = Part<paths[P][M], "path"> &
  Query<paths[P][M]> &
  Body<paths[P][M]>;

interface Loose {
  path?: Record<string, string | number>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export function call<M extends Method, P extends Address<M>>(
  method: M,
  address: P,
  ...[given]: object extends Given<M, P> ? [Given<M, P>?] : [Given<M, P>]
): Promise<Answer<M, P>> {
  const { path = {}, query = {}, body } = (given ?? {}) as Loose;
  const filled = address.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  return api<Answer<M, P>>(method.toUpperCase(), filled.replace(/^\/api/, "") + asked(query), body);
}

/** The query of an address; what is empty or not there is left out. */
function asked(values: Record<string, unknown>): string {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
