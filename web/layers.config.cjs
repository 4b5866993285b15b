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

/**
 * Known to look up, until the engine of the phone is generic over items and documents: these files, and only at these
 * two modules. No file may join the list; tests/laws/test_web.py asks that one which no longer needs it leaves.
 */
const INVERTED = [
  "src/offline/answers.ts",
  "src/offline/desk.ts",
  "src/offline/drafts.ts",
  "src/offline/export.ts",
  "src/offline/files.ts",
  "src/offline/held.ts",
  "src/offline/incoming.ts",
  "src/offline/items.ts",
  "src/offline/outgoing.ts",
  "src/offline/queue.ts",
  "src/offline/session.ts",
  "src/offline/store.ts",
  "src/offline/sync.ts",
  "src/offline/view.ts",
];
const INVERTED_TO = ["src/casework/field/types.ts", "src/casework/upload/upload.ts"];

const exactly = (files) => `^(${files.join("|").replaceAll(".", "\\.")})$`;
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const DOWN = "What is needed up there belongs down here, or comes in as a value.";

module.exports = {
  forbidden: [
    forbid("no-circle", "Two modules that need each other are one, or need a third.", {}, { circular: true }),
    ...Object.entries(ABOVE).map(([floor, higher]) =>
      forbid(
        `${floor}-looks-down-only`,
        DOWN,
        { path: `^src/${floor}/`, pathNot: exactly(INVERTED) },
        { path: `^src/(${higher})/` },
      ),
    ),
    forbid(
      "offline-looks-up-at-these-only",
      DOWN,
      { path: exactly(INVERTED) },
      { path: `^src/(${ABOVE.offline})/`, pathNot: exactly(INVERTED_TO) },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // what only a type needs counts too
    doNotFollow: { path: "node_modules" },
  },
};
