/** Times as the pickers of a browser write them, and as a form keeps them: with their zone. */
const pad = (n: number) => String(Math.abs(n)).padStart(2, "0");

function zone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  return `${minutes < 0 ? "-" : "+"}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
}

export function toZoned(type: string | undefined, typed: string): string {
  if (!typed) return "";
  if (type === "dateTime") return `${typed.length === 16 ? `${typed}:00` : typed}.000${zone(new Date(typed))}`;
  if (type === "time") return `${typed.length === 5 ? `${typed}:00` : typed}.000${zone(new Date())}`;
  return typed;
}

export function fromZoned(type: string | undefined, kept: string): string {
  if (type === "date") return kept.slice(0, 10);
  if (type === "time") return kept.slice(0, 5);
  if (type !== "dateTime" || !kept) return kept;
  const at = new Date(kept);
  if (Number.isNaN(at.getTime())) return "";
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
