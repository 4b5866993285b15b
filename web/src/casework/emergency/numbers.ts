/** Whom to call for what, built in: it must be there with no data at all. Held to binhan/kernel/kinds.py by a test. */
export const NUMBERS = ["113", "114", "115", "111", "112"] as const;
/** The kinds that have steps of their own, and their numbers in the order in which to call. */
export const STEPS = {
  domestic_violence: { call: ["113"], steps: ["dv1", "dv2", "dv3"] },
  child_abuse: { call: ["111", "113"], steps: ["ca1", "ca2"] },
} as const;
