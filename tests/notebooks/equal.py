"""Changes of a check that change nothing: why each is really equal, by notebook."""

VECTORS = "the product of two vectors is the same in either order"
PAPER = "the last pixel is paper in every image, so its term is 0"
CONSTANT = "what does not depend on the variable has slope 0"
SYMMETRIC = "softmax's Jacobian is symmetric"
ALL_TERMS = "the sum takes all terms, from whichever it starts"
GRID = "as good a grid for the search, or the integral"
ZERO_TIMES = "0 times a number is written out to show the quotient rule"
ANY_SHIFT = "the equation says that any shift does"
ANY_POINT = "any two points of the line will do"
ANY_SIZE = "the width, or the number of images, is a factor of both counts"

EQUAL = {
    "01": [
        ("range(784) → range(784 - 1)", PAPER),
        ("x @ w → w @ x", VECTORS),
        ("range(784) → range(784 - 1)", PAPER),
        ("x @ W1[:, j] → W1[:, j] @ x", VECTORS),
        ("a @ W2[:, j] → W2[:, j] @ a", VECTORS),
        ("(p - q) @ w → w @ (p - q)", VECTORS),
        ("x @ w → w @ x", VECTORS),
        ("-1.0 → 1.0", ANY_POINT),
        ("2.0 → 3.0", ANY_POINT),
        ("1.0 → 1.5", "twice as long a step along the line has the same direction"),
    ],
    "02": [
        ("0.01 → 0.015", "the unit is silent below any such bias"),
        ("12 → 13", GRID),
        ("12 → 13", GRID),
        ("24001 → 24002", GRID),
        ("z + 5 → z - 5", ANY_SHIFT),
        ("z + 5 → z", ANY_SHIFT),
        ("5 → 6", ANY_SHIFT),
    ],
    "03": [
        ("-2.0 → 2.0", "b is a factor of a² b, and its slope in b does not depend on b"),
        ("2.0 → 3.0", "b is a factor of a² b, and its slope in b does not depend on b"),
        ("range(K) → range(K - 1)", "the last label is 0, as are all but one"),
        ("J[i, k] → J[k, i]", SYMMETRIC),
        ("0 * S - np.exp(z[i]) * np.exp(z[k]) → -(np.exp(z[i]) * np.exp(z[k]))", ZERO_TIMES),
        ("0 * S → 0 / S", ZERO_TIMES),
        ("0 * S → 0", ZERO_TIMES),
        ("axis=0 → axis=1", SYMMETRIC),
        ("axis=1 → axis=0", SYMMETRIC),
        ("J[i, k] → J[k, i]", SYMMETRIC),
        ("J[i, k] → J[k, i]", SYMMETRIC),
        ("y[i] → y[i - 1]", ALL_TERMS),
        ("0.0 - 3 → -3", "the start, 0, is written out"),
        ("dz[n] → dz[n - 1]", ALL_TERMS),
    ],
    "04": [
        ("w2 * a1 + b2 → w2 * a1 - b2", CONSTANT),
        ("w2 * a1 + b2 → w2 * a1", CONSTANT),
        ("w1 * x + b1 → w1 * x - b1", CONSTANT),
        ("w1 * x + b1 → w1 * x", CONSTANT),
        ("a @ w.reshape(3, 4) + b → a @ w.reshape(3, 4) - b", CONSTANT),
        ("a @ w.reshape(3, 4) + b → a @ w.reshape(3, 4)", CONSTANT),
        ("a @ W + b → a @ W - b", CONSTANT),
        ("a @ W + b → a @ W", CONSTANT),
        ("dz[n, j] → dz[n - 1, j]", ALL_TERMS),
        ("16 → 17", ANY_SIZE),
        ("2 → 3", ANY_SIZE),
        ("np.tanh(z) @ deep[l].W + deep[l].b → np.tanh(z) @ deep[l].W - deep[l].b", CONSTANT),
        ("np.tanh(z) @ deep[l].W + deep[l].b → np.tanh(z) @ deep[l].W", CONSTANT),
        ("1 → 2", "of however many labels, the first row is taken"),
        ("b - 10 * db → -(10 * db)", "the biases start at 0"),
    ],
    "05": [
        ("1 → 2", "the weights take no part: the function looks at the bias"),
        ("1 → 2", "the weights take no part: the function looks at the bias"),
        ("5 → 6", GRID),
        ("0 → 1", GRID),
        ("100000 → 100001", GRID),
        ("100000 → 100001", GRID),
        ("0 → 1", "whichever of the five entries is bad"),
    ],
    "09": [
        ("C[k, j] → C[k, j - 1]", ALL_TERMS),
        ("C[j, k] → C[j - 1, k]", ALL_TERMS),
        ("step * np.sign(slope) → step / np.sign(slope)", "1 divided by a sign is that sign"),
        ("0 - p → 0 + p", "it is squared"),
        ("0 - p → -p", "the wrong answer's 0 is written out"),
        ("400 → 401", "the mean of however many draws"),
    ],
}
