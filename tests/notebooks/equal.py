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
AWAY = "the equation holds for any field, anywhere away from the border"
ALL_DRAWS = "all draws of the six numbers are taken, whichever number stands where"
NO_PART = "the bias takes no part"
ANY_SIGN = "the noise has the mean 0, and only its square is left"
MARGIN = "a margin for rounding"
GATES = "a @ tosses(sigma, 6).reshape(64, 3, 2)"
ANY_FACTOR = "the equation says that any factor does"

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
        ("np.tanh(z1) @ deep[1].W + deep[1].b → np.tanh(z1) @ deep[1].W - deep[1].b", CONSTANT),
        ("np.tanh(z1) @ deep[1].W + deep[1].b → np.tanh(z1) @ deep[1].W", CONSTANT),
        ("np.tanh(z2) @ deep[2].W + deep[2].b → np.tanh(z2) @ deep[2].W - deep[2].b", CONSTANT),
        ("np.tanh(z2) @ deep[2].W + deep[2].b → np.tanh(z2) @ deep[2].W", CONSTANT),
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
    "06": [
        ("2 → 3", "no weight moves, in however many epochs"),
        ("0.3 → 0.44999999999999996", "the mean of z is 0 whatever the variance"),
        ("a[i] → a[i - 1]", ALL_TERMS),
        ("-z → z", "the equation says that -z does as well as z"),
        ("units[:, j] → units[:, j - 1]", ALL_TERMS),
        (f"{GATES} > 0 → {GATES} < 0", "half of the gates are open, either way"),
        ("100000 → 100001", GRID),
        ("2 * r → r", "the mean of w² is the same over half of the interval"),
        ("np.arange(cells) + 0.5 → np.arange(cells) - 0.5", GRID),
        ("np.arange(cells) + 0.5 → np.arange(cells)", GRID),
        ("0.5 → 0.75", GRID),
        ("3e-05 * G → G", ANY_FACTOR),
        ("3e-05 → 4.5e-05", ANY_FACTOR),
        ("t - np.pi / 2 → t + np.pi / 2", "half a turn changes the sign of both factors"),
        ("np.arange(100000) + 0.5 → np.arange(100000) - 0.5", GRID),
        ("np.arange(100000) + 0.5 → np.arange(100000)", GRID),
        ("0.5 → 0.75", GRID),
    ],
    "08": [
        ("params[0].b - 0.1 * grads[0].b → -(0.1 * grads[0].b)", "the biases start at 0"),
        ("g[draws] → g[draws - 1]", ALL_DRAWS),
        ("draws[:, r] → draws[:, r - 1]", ALL_DRAWS),
        ("draws[:, s] → draws[:, s - 1]", ALL_DRAWS),
        ("0 → 1", "any two different draws will do"),
        ("g[draws] → g[draws - 1]", ALL_DRAWS),
        ("1 → 2", NO_PART),
        ("10.0 → 15.0", GRID),
        ("50 → 51", "at the limit no number of steps changes the size"),
        ("5 → 6", "any three points in a row will do"),
        ("0.001 → 0.0015", GRID),
        ("0.5 → 0.75", GRID),
        ("500 → 501", GRID),
        ("0.002 → 0.003", GRID),
        ("4 → 5", GRID),
        ("2000 → 2001", GRID),
        ("np.sqrt(0.6) + 1e-06 → np.sqrt(0.6)", MARGIN),
        ("1e-06 → 1.5e-06", MARGIN),
        ("0.17 → 0.255", GRID),
        ("36 → 37", GRID),
        ("1 → 2", NO_PART),
        ("1 → 2", NO_PART),
        ("0.01 → 0.015", "the state does not depend on the rate"),
        ("w + np.zeros(9) → w - np.zeros(9)", "the zeros only repeat each weight nine times"),
        ("2.0 * w + noises → 2.0 * w - noises", ANY_SIGN),
        ("1 → 2", NO_PART),
        ("1 → 2", NO_PART),
        ("2.0 * cloud[0].W + n → 2.0 * cloud[0].W - n", ANY_SIGN),
    ],
    "10": [
        ("1 → 2", "the first of however many fields"),
        ("0 → 1", "an odd power has no part in an integral from -α to α"),
        ("2000 → 2001", AWAY),
        ("10 → 11", AWAY),
        ("10 → 11", AWAY),
        ("18 → 19", AWAY),
        ("18 → 19", AWAY),
    ],
}
