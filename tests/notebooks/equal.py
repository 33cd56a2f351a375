"""Changes of a check that change nothing: why each is really equal, by tag."""

VECTORS = "the product of two vectors is the same in either order"
PAPER = "the last pixel is paper in every image, so its term is 0"
CONSTANT = "what does not depend on the variable has slope 0"
SYMMETRIC = "softmax's Jacobian is symmetric"
ALL_TERMS = "the sum takes all terms, from whichever it starts"
GRID = "as good a grid for the search, or the integral"
ZERO_TIMES = "0 times a number is written out to show the quotient rule"
ANY_SHIFT = "the equation says that any shift does"
ANY_SIZE = "the width, or the number of images, is a factor of both counts"

EQUAL = [
    ("1.1", "range(784) → range(784 - 1)", PAPER),
    ("1.1", "x @ w → w @ x", VECTORS),
    ("1.3", "range(784) → range(784 - 1)", PAPER),
    ("1.6", "x @ W1[:, j] → W1[:, j] @ x", VECTORS),
    ("1.8", "a @ W2[:, j] → W2[:, j] @ a", VECTORS),
    ("2.17", "0.01 → 0.015", "the unit is silent below any such bias"),
    ("2.18", "12 → 13", GRID),
    ("2.18", "12 → 13", GRID),
    ("2.18", "24001 → 24002", GRID),
    ("2.22", "z + 5 → z - 5", ANY_SHIFT),
    ("2.22", "z + 5 → z", ANY_SHIFT),
    ("2.22", "5 → 6", ANY_SHIFT),
    ("3.2", "-2.0 → 2.0", "b is a factor of a² b, and its slope in b does not depend on b"),
    ("3.2", "2.0 → 3.0", "b is a factor of a² b, and its slope in b does not depend on b"),
    ("3.10", "range(K) → range(K - 1)", "the last label is 0, as are all but one"),
    ("3.14", "J[i, k] → J[k, i]", SYMMETRIC),
    ("3.14", "0 * S - np.exp(z[i]) * np.exp(z[k]) → -(np.exp(z[i]) * np.exp(z[k]))", ZERO_TIMES),
    ("3.14", "0 * S → 0 / S", ZERO_TIMES),
    ("3.14", "0 * S → 0", ZERO_TIMES),
    ("3.17", "axis=0 → axis=1", SYMMETRIC),
    ("3.18", "axis=1 → axis=0", SYMMETRIC),
    ("3.20", "J[i, k] → J[k, i]", SYMMETRIC),
    ("3.21", "J[i, k] → J[k, i]", SYMMETRIC),
    ("3.24", "y[i] → y[i - 1]", ALL_TERMS),
    ("3.30", "0.0 - 3 → -3", "the start, 0, is written out"),
    ("3.32", "dz[n] → dz[n - 1]", ALL_TERMS),
    ("4.5", "w2 * a1 + b2 → w2 * a1 - b2", CONSTANT),
    ("4.5", "w2 * a1 + b2 → w2 * a1", CONSTANT),
    ("4.7", "w1 * x + b1 → w1 * x - b1", CONSTANT),
    ("4.7", "w1 * x + b1 → w1 * x", CONSTANT),
    ("4.15", "a @ w.reshape(3, 4) + b → a @ w.reshape(3, 4) - b", CONSTANT),
    ("4.15", "a @ w.reshape(3, 4) + b → a @ w.reshape(3, 4)", CONSTANT),
    ("4.18", "a @ W + b → a @ W - b", CONSTANT),
    ("4.18", "a @ W + b → a @ W", CONSTANT),
    ("4.23", "dz[n, j] → dz[n - 1, j]", ALL_TERMS),
    ("4.32", "16 → 17", ANY_SIZE),
    ("4.32", "2 → 3", ANY_SIZE),
    ("4.35", "b - 10 * db → -(10 * db)", "the biases start at 0"),
    ("5.1", "1 → 2", "the weights take no part: the function looks at the bias"),
    ("5.1", "1 → 2", "the weights take no part: the function looks at the bias"),
    ("5.7", "5 → 6", GRID),
    ("5.7", "0 → 1", GRID),
    ("5.7", "100000 → 100001", GRID),
    ("5.9", "0 → 1", "whichever of the five entries is bad"),
]
