/** The digits: 14 x 14 pixels, each the mean of four of MNIST's, as bytes compressed in the page. */

export const PIXELS = 196;
export const TRAINING = 2048;
export const VALIDATION = 512;

/**
 * Unpack base64 of deflated bytes: all pixels, image after image, then all labels.
 * @param {string} base64
 */
export async function unpackDigits(base64) {
  const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = (TRAINING + VALIDATION) * PIXELS;
  return { pixels: bytes.subarray(0, end), labels: bytes.subarray(end) };
}

/**
 * The images of some rows, as numbers between 0 and 1.
 * @param {Uint8Array} pixels
 * @param {ArrayLike<number>} rows
 * @returns {Float64Array} (rows, PIXELS)
 */
export function images(pixels, rows) {
  const X = new Float64Array(rows.length * PIXELS);
  for (let i = 0; i < rows.length; i++) {
    for (let p = 0; p < PIXELS; p++) X[i * PIXELS + p] = pixels[rows[i] * PIXELS + p] / 255;
  }
  return X;
}
