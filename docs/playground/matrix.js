/** Products of matrices, which are Float64Arrays, row after row. */

/**
 * C = A B, where A (n, p) and B (p, m) are given by their strides, so that either may be transposed.
 *
 * Two rows by four columns at a time: eight sums stay in registers.
 * @param {Float64Array} A
 * @param {number} rowA from one row of A to the next
 * @param {number} columnA
 * @param {Float64Array} B
 * @param {number} rowB
 * @param {number} columnB
 * @param {number} n
 * @param {number} p
 * @param {number} m
 * @returns {Float64Array} C (n, m)
 */
function product(A, rowA, columnA, B, rowB, columnB, n, p, m) {
  const C = new Float64Array(n * m);
  const even = n - (n % 2);
  const fours = m - (m % 4);
  for (let i = 0; i < even; i += 2) {
    for (let j = 0; j < fours; j += 4) {
      let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
      let a0 = i * rowA;
      let a1 = a0 + rowA;
      let b0 = j * columnB;
      for (let k = 0; k < p; k++) {
        const x = A[a0];
        const y = A[a1];
        const u = B[b0];
        const v = B[b0 + columnB];
        const w = B[b0 + 2 * columnB];
        const t = B[b0 + 3 * columnB];
        c00 += x * u;
        c01 += x * v;
        c02 += x * w;
        c03 += x * t;
        c10 += y * u;
        c11 += y * v;
        c12 += y * w;
        c13 += y * t;
        a0 += columnA;
        a1 += columnA;
        b0 += rowB;
      }
      const c = i * m + j;
      C[c] = c00;
      C[c + 1] = c01;
      C[c + 2] = c02;
      C[c + 3] = c03;
      C[c + m] = c10;
      C[c + m + 1] = c11;
      C[c + m + 2] = c12;
      C[c + m + 3] = c13;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = i < even ? fours : 0; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += A[i * rowA + k * columnA] * B[k * rowB + j * columnB];
      C[i * m + j] = sum;
    }
  }
  return C;
}

/**
 * a @ W for a (n, p) and W (p, m)
 * @param {Float64Array} a
 * @param {Float64Array} W
 * @param {number} n
 * @param {number} p
 * @param {number} m
 */
export const times = (a, W, n, p, m) => product(a, p, 1, W, m, 1, n, p, m);

/**
 * a.T @ dz for a (n, p) and dz (n, m)
 * @param {Float64Array} a
 * @param {Float64Array} dz
 * @param {number} n
 * @param {number} p
 * @param {number} m
 */
export const transposeTimes = (a, dz, n, p, m) => product(a, 1, p, dz, m, 1, p, n, m);

/**
 * dz @ W.T for dz (n, m) and W (p, m)
 * @param {Float64Array} dz
 * @param {Float64Array} W
 * @param {number} n
 * @param {number} p
 * @param {number} m
 */
export const timesTranspose = (dz, W, n, p, m) => product(dz, m, 1, W, 1, m, n, m, p);
