/**
 * A photo made small enough to send over a weak network: upright, at most 1600 a side and 600 kB, and drawn anew, so
 * that nothing of place, hour or camera is left.
 */
export const SIDE_MOST = 1600;
export const BYTES_MOST = 600_000;
const FINENESS = [0.82, 0.7, 0.58, 0.45];
export type Draw = (width: number, height: number, fineness: number) => Promise<Blob>;

/** The same shape, no side longer than `most`, never enlarged. */
export function inside(width: number, height: number, most = SIDE_MOST): [number, number] {
  const by = Math.min(1, most / Math.max(width, height));
  return [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))];
}

/** The finest that fits: first the fineness goes down, then the size. */
export async function fitted(width: number, height: number, draw: Draw, most = BYTES_MOST): Promise<Blob> {
  for (let side = SIDE_MOST; side >= 200; side = Math.round(side * 0.75)) {
    for (const fineness of FINENESS) {
      const blob = await draw(...inside(width, height, side), fineness);
      if (blob.size <= most) return blob;
    }
  }
  throw new Error("does not fit");
}

export async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return await fitted(image.width, image.height, async (width, height, fineness) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const brush = canvas.getContext("2d")!;
      brush.fillStyle = "#fff"; // what is see-through would come out black
      brush.fillRect(0, 0, width, height);
      brush.imageSmoothingQuality = "high";
      brush.drawImage(image, 0, 0, width, height);
      const blob = await blobOf(canvas, "image/jpeg", fineness);
      canvas.height = 0;
      canvas.width = 0; // old phones keep the memory otherwise
      return blob;
    });
  } finally {
    image.close();
  }
}

export function blobOf(canvas: HTMLCanvasElement, type: string, fineness?: number): Promise<Blob> {
  return new Promise((done, failed) =>
    canvas.toBlob(
      (blob) => (blob && blob.type === type ? done(blob) : failed(new Error(`no ${type}`))),
      type,
      fineness,
    ),
  );
}
