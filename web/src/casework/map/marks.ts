/**
 * How a door's state looks: its own shape, sign and colour, so that nothing hangs on colour alone; drawn for bright
 * sunlight.
 */
import type { DoorState } from "../field/types";

export interface Look {
  fill: string;
  line: string;
  sign: string;
  shape: (r: number) => [number, number][];
}
const polygon =
  (corners: number, turn: number) =>
  (r: number): [number, number][] =>
    Array.from({ length: corners }, (_, n) => [
      r * Math.cos(turn + (n * 2 * Math.PI) / corners),
      r * Math.sin(turn + (n * 2 * Math.PI) / corners),
    ]);
const square =
  (by: number) =>
  (r: number): [number, number][] =>
    polygon(4, Math.PI / 4)(r * by);
const UP = -Math.PI / 2;
export const INK = "#14213d";

/** Every fill has ≥ 4.5:1 against its sign and every line ≥ 7:1 against the paper. */
export const LOOKS: Record<DoorState, Look> = {
  not_yet: { fill: "#ffffff", line: INK, sign: INK, shape: polygon(24, 0) },
  reached: { fill: "#0d5c26", line: "#06331a", sign: "#ffffff", shape: square(1.3) },
  come_back: { fill: "#ffd54a", line: "#4a3800", sign: "#2b2000", shape: (r) => polygon(4, 0)(r * 1.3) },
  not_home: { fill: "#0b4f9e", line: "#06264d", sign: "#ffffff", shape: (r) => polygon(3, UP)(r * 1.45) },
  refused: { fill: "#5b3a7d", line: "#2f1a45", sign: "#ffffff", shape: (r) => polygon(6, 0)(r * 1.12) },
  vacant: { fill: "#e3e7ee", line: "#33405a", sign: "#33405a", shape: (r) => polygon(5, UP)(r * 1.2) },
};

/** The sign inside: strokes in units of the radius. */
const SIGNS: Record<DoorState, [number, number][][]> = {
  not_yet: [],
  reached: [
    [
      [-0.5, 0.05],
      [-0.12, 0.42],
      [0.52, -0.4],
    ],
  ],
  come_back: [
    [
      [0, -0.55],
      [0, 0.08],
      [0.42, 0.3],
    ],
  ],
  not_home: [
    [
      [0, -0.5],
      [0, 0.22],
    ],
    [
      [0, 0.5],
      [0, 0.56],
    ],
  ],
  refused: [
    [
      [-0.5, 0],
      [0.5, 0],
    ],
  ],
  vacant: [
    [
      [-0.38, -0.3],
      [0.38, 0.46],
    ],
    [
      [0.38, -0.3],
      [-0.38, 0.46],
    ],
  ],
};

export type Brush = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "fill"
  | "stroke"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineCap"
  | "lineJoin"
>;

export function paintMark(brush: Brush, state: DoorState, x: number, y: number, r: number): void {
  const look = LOOKS[state];
  trace(brush, look.shape(r), x, y);
  brush.closePath();
  brush.fillStyle = look.fill;
  brush.fill();
  brush.strokeStyle = look.line;
  brush.lineWidth = Math.max(1.5, r / 5);
  brush.lineJoin = "round";
  brush.stroke();
  if (r < 5) return;
  brush.strokeStyle = look.sign;
  brush.lineCap = "round";
  brush.lineWidth = Math.max(1.5, r / 4);
  for (const line of SIGNS[state]) {
    trace(
      brush,
      line.map(([a, b]) => [a * r, b * r]),
      x,
      y,
    );
    brush.stroke();
  }
}

function trace(brush: Brush, points: [number, number][], x: number, y: number): void {
  brush.beginPath();
  points.forEach(([a, b], n) => (n ? brush.lineTo(x + a, y + b) : brush.moveTo(x + a, y + b)));
}

/** The same mark as SVG, for the legend and the list. */
export function svgOf(state: DoorState): { outline: string; sign: string; look: Look } {
  const line = (points: [number, number][]) =>
    points.map(([a, b], n) => `${n ? "L" : "M"}${(12 + a).toFixed(1)} ${(12 + b).toFixed(1)}`).join("");
  return {
    outline: `${line(LOOKS[state].shape(8))}Z`,
    sign: SIGNS[state].map((s) => line(s.map(([a, b]) => [a * 8, b * 8]))).join(""),
    look: LOOKS[state],
  };
}
