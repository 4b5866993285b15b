/**
 * The floors of the house, as sentences: what lies lower knows nothing of what lies above it, the two halves know
 * nothing of each other, and nothing goes in circles. From below:
 * kernel, live, contract, i18n and ui, offline, sos and casework, sw.
 */
const ABOVE = {
  kernel: "live|contract|i18n|ui|offline|sos|casework|sw",
  live: "contract|i18n|ui|offline|sos|casework|sw",
  contract: "i18n|ui|offline|sos|casework|sw",
  i18n: "ui|offline|sos|casework|sw",
  ui: "i18n|offline|sos|casework|sw",
  offline: "sos|casework|sw",
  sos: "casework|sw",
  casework: "sos|sw",
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const DOWN = "What is needed up there belongs down here, or comes in as a value.";

module.exports = {
  forbidden: [
    forbid("no-circle", "Two modules that need each other are one, or need a third.", {}, { circular: true }),
    ...Object.entries(ABOVE).map(([floor, higher]) =>
      forbid(`${floor}-looks-down-only`, DOWN, { path: `^src/${floor}/` }, { path: `^src/(${higher})/` }),
    ),
    forbid(
      "a-noun-knows-no-other",
      "What a noun brings to the phone stands by itself; casework/field/phones.ts puts all of them together.",
      { path: "^src/casework/([^/]+)/phone\\.ts$" },
      { path: "^src/", pathNot: "^src/(kernel|i18n|offline)/|^src/casework/$1/" },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // what only a type needs counts too
    doNotFollow: { path: "node_modules" },
  },
};
