/**
 * Every noun of the field app: the only list. What a noun brings to the phone is in its own `phone.ts`; it imports no
 * other noun's. In order, as in binhan/site/contexts.py: what hangs on another item is sent after it.
 */
import { PHONE as appointments } from "../appointments/phone";
import { PHONE as forms } from "../forms/phone";
import { PHONE as listening } from "../listening/phone";
import { Kinds } from "../../offline/kinds";
import { PHONE as visits } from "../visits/phone";
import { PHONE as field } from "./phone";

const NOUNS = [visits, listening, forms, appointments, field] as const;

export const PHONES = new Kinds("dwelling", NOUNS);
export type Nouns = (typeof NOUNS)[number];
