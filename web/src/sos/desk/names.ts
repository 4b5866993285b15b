/** What the journal names by id or code, in the desk's words. A code that nobody knows is shown as it is. */
import type { Choice, Lifecycles, Unit } from "../../contract/types";
import type { Names } from "./says";
import { either } from "./speech";

export function namesOf(tables: Lifecycles, units: ReadonlyMap<string, Unit>): Names {
  const among = (choices: Choice[]) => (code: string) => either(choices.find((c) => c.code === code)) || code;
  return {
    unit: (id) => units.get(id)?.call_sign ?? "",
    kind: among(tables.kinds),
    agency: among(tables.agencies),
    outcome: among(tables.outcomes),
  };
}
