/** What needs the browser's own session: who is signed in, and handing this phone to that member. */
import { getMe } from "../contract/api";
import { newId } from "../kernel/ids";
import { api, Refusal } from "../live/http";
import { SCHEMA } from "./outgoing";
import { SAYS, Told } from "./says";
import type { State } from "./store";
import type { Budget } from "./types";
import type { Card, PinRules } from "./vault";

export interface SignedIn {
  id: string;
  name: string;
  ward: number | null;
}
export interface Registered {
  device: string;
  ward_id: number;
  ward_code: string;
  ward_name: string;
  demo: boolean;
  token: string;
  expires_at: string;
  member: { id: string; name: string };
  pin: PinRules;
  budget: Budget;
  server_time: string;
}

/** Null: nobody. Throws Unreachable when that cannot be known. */
export async function whoIsSignedIn(): Promise<SignedIn | null> {
  try {
    const me = await getMe();
    const ward = Object.entries(me.roles).find(([, roles]) => roles.includes("team_member"))?.[0];
    return { id: me.account.id, name: me.account.display_name || me.account.login, ward: ward ? Number(ward) : null };
  } catch (error) {
    if (error instanceof Refusal && [401, 403].includes(error.problem.status)) return null;
    throw error;
  }
}

/** Register this phone, or – with the same id – get it a new token. */
export function register(who: SignedIn, device = newId()): Promise<Registered> {
  return api<Registered>("POST", "/field/devices", {
    id: device,
    name: deviceName(),
    schema: SCHEMA,
    ...(who.ward ? { ward: who.ward } : {}),
  });
}

/**
 * A new token for this phone, by the browser's session. A phone that was retired cannot come back, but its member can
 * go on with a new id (`anew`): everything that waits is then counted from one.
 */
export async function renewed(
  card: Card,
  seen: (who: SignedIn | null) => void,
): Promise<{ got: Registered; anew: boolean }> {
  const who = await whoIsSignedIn();
  seen(who);
  if (!who) throw new Told(SAYS.signIn);
  if (who.id !== card.id) throw new Told(SAYS.other);
  try {
    return { got: await register(who, card.device), anew: false };
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.status !== 409) throw error;
    return { got: await register(who), anew: true };
  }
}

export function stateOf(r: Registered): State {
  return {
    token: r.token,
    chosen: [],
    before: null,
    budget: r.budget,
    ward: { id: r.ward_id, code: r.ward_code, name: r.ward_name },
    skewMs: Date.parse(r.server_time) - Date.now(),
    lastAt: null,
    pin: r.pin,
  };
}

export function shaped(pin: string, rules: PinRules): boolean {
  return new RegExp(`^\\d{${rules.digits}}$`).test(pin);
}

export function cardOf(r: Registered): Card {
  return {
    id: r.member.id,
    name: r.member.name,
    device: r.device,
    ward: r.ward_name,
    demo: r.demo,
    lastAt: null,
    pin: r.pin,
    digits: r.pin.digits,
  };
}

function deviceName(): string {
  const agent = navigator.userAgent;
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0] ?? "?";
  const browser = /Edg|SamsungBrowser|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? "?";
  return `${system} · ${browser}`;
}
