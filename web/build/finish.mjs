// After Vite: bundles the service worker with the list of files to keep, and holds the press page to its budget.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
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

const files = walk(dist).filter((f) => !f.startsWith(".") && f !== "sw.js");
const hash = createHash("sha256");
for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
const pages = { "/sos": "press.html", "/desk": "desk.html", "/patrol": "patrol.html" };
// The press page is kept at install time; the shell of another screen once that screen is open (residents need not load it).
const needed = (html) => [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);
const press = readFileSync(join(dist, "press.html"), "utf8");
const precache = ["/sos", ...needed(press), ...files.filter((f) => f.startsWith("icons/") || f.endsWith(".webmanifest")).map((f) => `/${f}`)];
const shells = Object.fromEntries(Object.entries(pages).map(([page, file]) => [page, [page, ...needed(readFileSync(join(dist, file), "utf8"))]]));

await build({
  entryPoints: [new URL("../src/sw/sw.ts", import.meta.url).pathname],
  bundle: true, minify: true, format: "iife", target: "es2022", outfile: join(dist, "sw.js"),
  define: { VERSION: JSON.stringify(hash.digest("hex").slice(0, 12)), PRECACHE: JSON.stringify(precache), SHELLS: JSON.stringify(shells) },
});

const size = [join(dist, "press.html"), ...needed(press).map((f) => join(dist, f))].reduce((sum, f) => sum + gzipSync(readFileSync(f), { level: 9 }).length, 0);
console.log(`press page: ${(size / 1024).toFixed(1)} kB gzipped of ${BUDGET / 1024}`);
if (size > BUDGET) {
  console.error("the press page is over its budget");
  process.exit(1);
}
