/** What is drawn: lines in parts of the frame's width and height, so that it comes out the same at any size. */
export type Ink = "black" | "red";
export interface Stroke {
  ink: Ink;
  points: [number, number][];
}
export const WIDTH = 1200;
export const HEIGHT = 900;
export const BYTES_MOST = 300_000;
const COLOUR: Record<Ink, string> = { black: "#14213d", red: "#c4161c" };
const NEAREST = 0.002; // points closer than that are one

export class Strokes {
  readonly all: Stroke[] = [];

  begin(ink: Ink, x: number, y: number): void {
    this.all.push({ ink, points: [held(x, y)] });
  }

  /** True if the line really went on. */
  extend(x: number, y: number): boolean {
    const points = this.all.at(-1)?.points;
    if (!points) return false;
    const [px, py] = points.at(-1)!;
    const next = held(x, y);
    if (Math.hypot(next[0] - px, next[1] - py) < NEAREST) return false;
    points.push(next);
    return true;
  }

  undo(): void {
    this.all.pop();
  }

  clear(): void {
    this.all.length = 0;
  }
}

function held(x: number, y: number): [number, number] {
  return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
}

export function paint(
  brush: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  width: number,
  height: number,
): void {
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, width, height);
  brush.lineJoin = "round";
  brush.lineCap = "round";
  brush.lineWidth = Math.max(2, width / 200);
  for (const { ink, points } of strokes) {
    brush.strokeStyle = COLOUR[ink];
    brush.beginPath();
    const [[x, y]] = points as [[number, number]];
    brush.moveTo(x * width, y * height);
    if (points.length === 1) brush.lineTo(x * width + 0.1, y * height);
    for (const [px, py] of points.slice(1)) brush.lineTo(px * width, py * height);
    brush.stroke();
  }
}
