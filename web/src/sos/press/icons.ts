/** Our own line icons: cheap and old phones do not draw every emoji. */
const WAVE = "c2-2 4-2 6 0s4 2 6 0 4-2 6 0";
const PATHS: Record<string, string> = {
  security: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM12 8v5m0 3v.01",
  fire: "M12 3c1 4 5 6 5 11a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 1-3-1-6 1-10z",
  medical: "M9 4h6v5h5v6h-5v5H9v-5H4V9h5z",
  traffic: "M4 17v-4l2-6h12l2 6v4zM6 17v2m12-2v2M4 12.5h16M8 15h.01M16 15h.01",
  rescue: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM6 6l3 3m6 6 3 3m0-12-3 3m-6 6-3 3",
  domestic_violence: "M3 11l9-8 9 8M5 10v10h14V10M12 12v3m0 3v.01",
  child: "M12 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM12 9v6M7 11h10m-5 4-3 6m3-6 3 6",
  disaster: `M3 8${WAVE}M3 13${WAVE}M3 18${WAVE}`,
  other: "M5 12h.01M12 12h.01M19 12h.01",
  phone: "M5 3h4l2 5-3 2a11 11 0 0 0 6 6l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z",
};

export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? PATHS["other"]!);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name === "other" ? "icon dots" : "icon");
  svg.append(path);
  return svg;
}
