"""Wrong answers to set 2 as students write them: the body of the function, and the mistake that is in it."""

from diagnosing import Bodies

LOOP = "g = np.zeros(len(x))\nfor i in range(len(x)):\n    e = np.zeros(len(x))\n    e[i] = eps\n"

BODIES: Bodies = {
    "linear": {
        "return (W * x).sum(axis=0)": "W-times-x-summed-along-0|",
        "return np.array([W[i, 0] * x[0] + W[i, 1] * x[1] for i in range(2)])": "size-written-in",
        "return W * x": "sum-missing",
        "return W.T @ x": "wrong-way-round-W",
        "return np.dot(x, W)": "wrong-way-round-W",
        "return np.sum(W * x)": "summed-to-number",
        "return (W @ x).reshape(-1, 1)": "column",
        "y = []\nfor row in W:\n    y.append(sum(row * x))\nreturn y": "list-for-array",
        "return np.mean(W * x, axis=1)": "over-m",
        "return np.sum(W, axis=1)": "weights-summed-alone",
        "y = np.zeros(len(W), dtype=int)\nfor i in range(len(W)):\n    y[i] = W[i] @ x\nreturn y": (
            "cut-to-whole-numbers"
        ),
        "y = np.zeros(len(W))\nfor i in range(len(W)):\n    for j in range(len(x) - 1):\n"
        "        y[i] += W[i, j] * x[j]\nreturn y": ("without-last-of-m"),
        "y = np.zeros(len(W))\nfor i in range(len(W)):\n    for j in range(2):\n"
        "        y[i] += W[i, j] * x[j]\nreturn y": ("first-two-of-m"),
        "y = np.zeros(2)\nfor i in range(2):\n    y[i] = W[i] @ x\nreturn y": "",
        "return W @ X": "name-not-defined",
        "y = W @ x\nprint(y)": "nothing-returned",
    },
    "grad_x": {
        "return W @ dL_dy": "wrong-way-round-W",
        "return dL_dy @ W.T": "wrong-way-round-W",
        "return W.T * dL_dy": "",
        "return np.sum(W, axis=0)": "ignores-dL_dy",
        "return W.T @ dL_dy / len(dL_dy)": "over-n",
        "return -W.T @ dL_dy": "sign",
        "return W[0] * dL_dy[0]": "first-of-n",
        "return np.sum(W, axis=0) * np.sum(dL_dy)": "W-summed-early-over-n|dL_dy-summed-early-over-n",
        "return np.linalg.pinv(W) @ dL_dy": "inverse-for-transpose",
        "return W * dL_dy[:, np.newaxis]": "sum-missing",
        "return (W.T @ dL_dy)[None, :]": "row",
        "return sum(W.T @ dL_dy)": "summed-to-number",
        "g = np.zeros(W.shape[1])\nfor i in range(W.shape[0]):\n    g = W[i] * dL_dy[i]\nreturn g": "last-of-n",
        "g = np.zeros(W.shape[1])\nfor i in range(1, W.shape[0]):\n    g += W[i] * dL_dy[i]\nreturn g": (
            "without-first-of-n"
        ),
        "return dL_dy": "returns-dL_dy",
    },
    "grad_W": {
        "return np.outer(x, dL_dy)": "transposed",
        "return x[:, None] * dL_dy": "transposed",
        "return np.outer(x, dL_dy).reshape(len(dL_dy), len(x))": "reshaped",
        "return np.outer(dL_dy, x).flatten()": "flat",
        "return -np.outer(dL_dy, x)": "sign",
        "return dL_dy[:, None] + x": "added-dL_dy-x",
        "return np.outer(dL_dy, x) / len(x)": "over-m",
        "return np.outer(np.ones(len(dL_dy)), x)": "ignores-dL_dy",
        "return np.dot(dL_dy, x)": "inner-for-outer",
        "return dL_dy * x": "inner-for-outer|elementwise-x-dL_dy|elementwise-dL_dy-x|shapes-do-not-fit",
        "return np.outer(dL_dy, x) * 2": "twice",
        "return -np.outer(x, dL_dy)": "transposed-and-sign",
        "return np.outer(x, dL_dy) / len(dL_dy)": "transposed-and-over-n",
        "g = np.zeros((2, 2))\nfor i in range(2):\n    for j in range(2):\n"
        "        g[i, j] = dL_dy[i] * x[j]\nreturn g": "",
        "return dL_dy[:, None] @ x[:, None]": "product-does-not-fit",
    },
    "influence": {
        "return sum(W[j, i] * dL_dy[j] for j in len(dL_dy))": "number-for-many",
        "return W[i] @ dL_dy": "row-for-column",
        "return np.sum(W[:, i])": "ignores-dL_dy",
        "return W[:, i] * dL_dy": "sum-missing",
        "return W[i, i] * dL_dy[i]": "one-output-only",
        "return W.T @ dL_dy": "all-inputs",
        "return np.sum(W.T @ dL_dy)": "all-inputs-summed",
        "return W[:, i - 1] @ dL_dy": "counted-from-one",
        "return W[:, 0] @ dL_dy": "index-ignored",
        "return np.mean(W[:, i] * dL_dy)": "over-n",
        "total = 0\nfor k in range(len(W)):\n    total += abs(W[k, i] * dL_dy[k])\nreturn total": "sizes-only",
        "total = 0\nfor k in range(len(W)):\n    total += W[k, i] * dL_dy[k]\n    return total": "first-of-n",
        "return np.array([W[:, i] @ dL_dy])": "array-of-one",
        "return np.max(W[:, i] * dL_dy)": "largest-influence",
    },
    "numerical_grad": {
        "g = np.zeros(len(x))\nfor i in range(len(x)):\n    e = np.zeros(len(x), dtype=int)\n"
        "    e[i] = eps\n    g[i] = (f(x + e) - f(x - e)) / (2 * eps)\nreturn g": "zeros-of-no-difference",
        LOOP + "    g[i] = (f(x + e) - f(x)) / eps\nreturn g": "one-sided",
        LOOP + "    g[i] = (f(x + e) - f(x - e)) / eps\nreturn g": "distance-without-two",
        LOOP + "    g[i] = f(x + e) - f(x - e) / (2 * eps)\nreturn g": "precedence",
        LOOP + "    g[i] = (f(x + e) - f(x - e)) / 2 * eps\nreturn g": "multiplied-by-step",
        LOOP + "    g[i] = (f(x) - f(x - e)) / eps\nreturn g": "backward",
        LOOP + "    g[i] = f(x + e) - f(x - e)\nreturn g": "not-divided",
        LOOP + "    g[i] = (f(x - e) - f(x + e)) / (2 * eps)\nreturn g": "sign",
        "eps = 1e-6\n" + LOOP + "    g[i] = (f(x + e) - f(x - e)) / (2 * eps)\nreturn g": "step-ignored",
        "return (f(x + eps) - f(x - eps)) / (2 * eps) * np.ones(len(x))": "all-coordinates-at-once",
        LOOP + "    g[i] = (f(x + e) - f(x - e)) / (2 * eps)\n    return g": "first-coordinate-only",
        "g = np.zeros(len(x))\nfor i in range(len(x)):\n    x[i] += eps\n    up = f(x)\n    x[i] -= 2 * eps\n"
        "    g[i] = (up - f(x)) / (2 * eps)\n    x[i] += eps\nreturn g": "argument-changed",
        "y = x.copy()\ng = np.zeros(len(x))\nfor i in range(len(x)):\n    y[i] += eps\n    up = f(y)\n"
        "    y[i] -= 2 * eps\n    g[i] = (up - f(y)) / (2 * eps)\nreturn g": "coordinate-not-put-back",
        "g = []\nfor i in range(len(x)):\n    e = np.eye(len(x))[i] * eps\n"
        "    g.append((f(x + e) - f(x - e)) / (2 * eps))\nreturn g": ("list-for-array"),
        LOOP + "    g[i] = (f(x + e) - f(x)) / (2 * eps)\nreturn g": "one-sided-over-two",
        LOOP + "    g[i] = (f(x + e / 2) - f(x - e / 2)) / (2 * eps)\nreturn g": "half-step-over-whole",
        LOOP + "    e[i] = 1.0\n    g[i] = (f(x + e) - f(x - e)) / (2 * eps)\nreturn g": "whole-step-over-small",
        LOOP + "    g[i] = f(x + e) / (2 * eps)\nreturn g": "value-for-difference",
        "g, e = np.zeros(len(x)), np.zeros(len(x))\nfor i in range(len(x)):\n    e[i] = eps\n"
        "    g[i] = (f(x + e) - f(x - e)) / (2 * eps)\nreturn g": "moved-with-earlier-ones",
    },
    "grad_chain": {
        "g = W2.T @ dL_dy\nreturn g, np.outer(g, x), np.outer(dL_dy, W1 @ x)": "dx-stops-at-hidden-layer",
        "g = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(x, g), np.outer(dL_dy, W1 @ x)": "transposed-dW1",
        "g = W2.T @ dL_dy\nreturn np.outer(g, x), np.outer(dL_dy, W1 @ x), W1.T @ g": "order-dW1-dW2-dx",
        "g = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(g, x), np.outer(dL_dy, x)": "dW2-from-input",
        "g = W2 @ dL_dy\nreturn W1.T @ g, np.outer(g, x), np.outer(dL_dy, W1 @ x)": "wrong-way-round-W2",
        "g = W2.T @ dL_dy\nreturn W1 @ g, np.outer(g, x), np.outer(dL_dy, W1 @ x)": (
            "wrong-way-round-W1-dx|product-does-not-fit"
        ),
        "g = W2.T @ dL_dy\nreturn -W1.T @ g, -np.outer(g, x), -np.outer(dL_dy, W1 @ x)": "sign",
        "h = W1 @ x\ng = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(g, x)": "without-dW2",
        "g = (W2.T @ dL_dy) * (W1 @ x > 0)\nreturn W1.T @ (W2.T @ dL_dy), np.outer(g, x), np.outer(dL_dy, W1 @ x)": (
            "ReLU-on-the-way-back"
        ),
        "g = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(dL_dy, x), np.outer(dL_dy, W1 @ x)": "dW1-from-output-gradient",
        "h = W1 @ x\ng = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(g, x), np.outer(h, dL_dy)": "transposed-dW2",
        "h = W1 @ x\ng = W2.T @ dL_dy\nreturn W1.T @ g, 2 * np.outer(g, x), np.outer(dL_dy, h)": "twice-dW1",
        "h = W1 @ x\ng = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(g, x), np.outer(dL_dy, W2 @ h)": "dW2-from-output",
        "h = W1 @ x\ng = W2.T @ dL_dy\nreturn W1.T @ g, np.outer(g, x), np.outer(g, h)": "dW2-from-hidden-gradient",
    },
}
