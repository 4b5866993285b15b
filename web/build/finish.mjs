// After Vite: bundles the service worker with the list of files to keep, and holds the press page to its budget.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dist = new URL("../dist/", import.meta.url).pathname;
const BUDGET = 30 * 1024;

function walk(folder, prefix = "") {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path, `${prefix}${name}/`) : [`${prefix}${name}`];
  });
}

const files = walk(dist).filter((f) => !f.startsWith(".") && f !== "sw.js" && !f.endsWith(".gz"));
const hash = createHash("sha256");
for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
const pages = { "/sos": "press.html", "/desk": "desk.html", "/patrol": "patrol.html" };
// The press page is kept at install time; the shell of another screen once that screen is open (residents need not load
// it).
const needed = (html) => [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);
const press = readFileSync(join(dist, "press.html"), "utf8");
const ownOfField = (f) => /^(icons\/field|manifest-field)/.test(f);
const precache = [
  "/sos",
  ...needed(press),
  ...files.filter((f) => (f.startsWith("icons/") || f.endsWith(".webmanifest")) && !ownOfField(f)).map((f) => `/${f}`),
];
const shells = Object.fromEntries(
  Object.entries(pages).map(([page, file]) => [page, [page, ...needed(readFileSync(join(dist, file), "utf8"))]]),
);

// The field app is kept whole: whatever its page names, whatever that names in turn – lazy parts, styles, wasm,
// workers, icons.
function reached(start) {
  const found = new Set([start]);
  for (const file of found) {
    if (!/\.(html|m?js|css|webmanifest)$/.test(file)) continue;
    const text = readFileSync(join(dist, file), "utf8");
    for (const f of files)
      if (!f.endsWith(".html") && text.includes(f.startsWith("assets/") ? f.slice(7) : `/${f}`)) found.add(f);
  }
  return [...found];
}
const digest = (file) =>
  createHash("sha256")
    .update(readFileSync(join(dist, file)))
    .digest("hex")
    .slice(0, 16);
const fieldFiles = Object.fromEntries(
  reached("field.html")
    .sort()
    .map((f) => [f === "field.html" ? "/field" : `/${f}`, digest(f)]),
);
const field = {
  page: "/field",
  version: createHash("sha256").update(JSON.stringify(fieldFiles)).digest("hex").slice(0, 12),
  files: fieldFiles,
};

await build({
  entryPoints: [new URL("../src/sw/sw.ts", import.meta.url).pathname],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  outfile: join(dist, "sw.js"),
  define: {
    VERSION: JSON.stringify(hash.digest("hex").slice(0, 12)),
    PRECACHE: JSON.stringify(precache),
    SHELLS: JSON.stringify(shells),
    FIELD: JSON.stringify(field),
  },
});

// Compressed once here, not by every start of the server.
for (const file of walk(dist).filter((f) => /\.(html|m?js|css|json|svg|webmanifest)$/.test(f)))
  writeFileSync(join(dist, `${file}.gz`), gzipSync(readFileSync(join(dist, file)), { level: 9 }));

const size = [join(dist, "press.html"), ...needed(press).map((f) => join(dist, f))].reduce(
  (sum, f) => sum + gzipSync(readFileSync(f), { level: 9 }).length,
  0,
);
const weight = Object.keys(fieldFiles).reduce(
  (sum, f) => sum + statSync(join(dist, f === "/field" ? "field.html" : f)).size,
  0,
);
console.log(`field app: ${Object.keys(fieldFiles).length} files kept, ${(weight / 1024).toFixed(0)} kB`);
console.log(`press page: ${(size / 1024).toFixed(1)} kB gzipped of ${BUDGET / 1024}`);
if (size > BUDGET) {
  console.error("the press page is over its budget");
  process.exit(1);
}
