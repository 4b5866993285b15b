/** One picture for each kind of what is said, beside its word, never instead of it. */
const ICONS: Record<string, string> = {
  request: "🙋",
  report: "📣",
  procedure: "📄",
  conflict: "🤝",
  need: "🧺",
  praise: "👍",
  complaint: "⚖️",
  denunciation: "✉️",
  crime: "🚔",
  domestic_violence: "🏠",
  child_abuse: "🧒",
};
export const icon = (kind: string): string => ICONS[kind] ?? "💬";
