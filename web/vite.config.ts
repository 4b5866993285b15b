import { resolve } from "node:path";
import { defineConfig } from "vite";

const backend = process.env["BINHAN_BACKEND"] ?? "http://localhost:8000";
const entry = (name: string) => resolve(import.meta.dirname, `${name}.html`);

export default defineConfig({
  build: {
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        press: entry("press"),
        desk: entry("desk"),
        patrol: entry("patrol"),
        field: entry("field"),
        office: resolve(import.meta.dirname, "src/casework/office/main.ts"),
      },
      // Django's pages name the office bundle themselves: its name has no hash, and it is asked anew each time.
      output: { entryFileNames: (chunk) => (chunk.name === "office" ? "office.js" : "assets/[name]-[hash].js") },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/live", "/api", "/account", "/office", "/static", "/client-config.json"].map((p) => [p, backend]),
    ),
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
