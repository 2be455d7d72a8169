"""Wrong answers to set 3 as students write them: the body of the function, and the mistake that is in it."""

from diagnosing import Bodies

NEW = "n, m = W.shape\np = X.shape[1]\n"
FILL = "for a in range(n):\n    for b in range(p):\n        for c in range(n):\n            for d in range(m):\n"

BODIES: Bodies = {
    "forward": {
        "return W @ X": "bias-missing",
        "return W @ X - b": "bias-subtracted",
        "return (W @ X + b).T": "transposed",
        "return W @ X + b.T": "bias-along-rows",
        "return W @ X + np.sum(b)": "bias-summed",
        "return W @ X + b[0]": "bias-first-entry",
        "return np.maximum(0, W @ X + b)": "rectified",
        "return W * X + b": "elementwise-W-X-and-b|shapes-do-not-fit",
        "return X @ W + b": "product-does-not-fit",
        "return W.T @ X + b": "wrong-way-round-W",
        "return W @ X + b + b": "bias-twice",
        "D = np.zeros((W.shape[0], X.shape[1]))\nD = W.dot(X)\nD[:, 0] = D[:, 0] + b[:, 0]\nreturn D": (
            "bias-to-first-example"
        ),
    },
    "partial": {
        "return W[j, i]": "exchanged",
        "return W.T[i][j]": "exchanged",
        "return W[i]": "row",
        "return W[:, j]": "column",
        "return sum(W[i])": "row-summed",
        "return np.sum(W[:, j])": "column-summed",
        "return W[i - 1, j - 1]": "counted-from-one",
        "return 1.0 if i == j else 0.0": "one-if-same",
        "return W[0, 0]": "first-entry",
        "return W[0, j]": "first-row",
        "return W[i, 0]": "first-column",
        "return -W[i, j]": "sign",
        "return W[i, i]": "diagonal",
        "return int(W[i, j])": "cut-to-whole-numbers",
        "return abs(W[i, j])": "sign-lost",
    },
    "grad_W": {
        "return X @ dD.T": "transposed",
        "return X.T @ dD": "row-convention",
        "return dD @ X": "wrong-way-round-X",
        "return dD @ X.T / X.shape[1]": "over-p",
        "return (X @ dD.T) / X.shape[1]": "transposed-and-over-p",
        "return -(dD @ X.T)": "sign",
        "return np.outer(dD[:, 0], X[:, 0])": "first-of-p",
        "return np.outer(dD.sum(axis=1), X.sum(axis=1))": "examples-apart",
        "return np.outer(dD.mean(axis=1), X.mean(axis=1))": "examples-apart-and-over-p-twice",
        "return np.ones(dD.shape) @ X.T": "ignores-dD",
        "G = np.zeros((dD.shape[0], X.shape[0]))\nfor k in range(X.shape[1]):\n"
        "    G = np.outer(dD[:, k], X[:, k])\nreturn G": ("last-of-p"),
        "return (X @ dD.T).reshape(dD.shape[0], X.shape[0])": "reshaped",
        "return dD * X": "elementwise-X-dD|elementwise-dD-X|shapes-do-not-fit",
        "return (dD @ X.T).tolist()": "list-for-array",
        "return np.einsum('np,mp->mn', dD, X)": "transposed",
        "return dD @ X.T * X.shape[1]": "times-p",
        "return 0.5 * dD @ X.T": "half",
    },
    "grad_X": {
        "return W @ dD": "wrong-way-round-W",
        "return dD @ W": "row-convention",
        "return dD.T @ W": "transposed",
        "return np.linalg.pinv(W) @ dD": "inverse-for-transpose",
        "return W.T @ dD / dD.shape[1]": "over-p",
        "return W.T @ np.ones(dD.shape)": "ignores-dD",
        "return np.repeat(W.T @ dD.sum(axis=1, keepdims=True), dD.shape[1], axis=1)": "examples-mixed",
        "return W.T * dD": "elementwise-W-dD|elementwise-W-down-dD|elementwise-dD-down-W|shapes-do-not-fit",
        "return W.reshape(W.shape[1], W.shape[0]) @ dD": "reshaped-W",
        "return -W.T @ dD": "sign",
        "return W.t() @ dD": "no-such-attribute",
        "return np.maximum(W.T @ dD, 0)": "negative-cut",
    },
    "grad_b": {
        "return dD.sum(axis=0).reshape(-1, 1)": "wrong-axis-turned",
        "return dD": "not-summed",
        "return np.sum(dD, axis=1)": "axis-dropped",
        "return np.sum(dD, axis=0, keepdims=True)": "wrong-axis",
        "return np.sum(dD, axis=0)": "wrong-axis-dropped",
        "return np.sum(dD)": "summed-to-number",
        "return np.mean(dD, axis=1, keepdims=True)": "over-p",
        "return dD.mean(axis=1)": "axis-dropped-and-over-p",
        "return dD.sum(axis=1)[np.newaxis, :]": "transposed",
        "return dD[:, :1]": "first-of-p",
        "return -dD.sum(axis=1, keepdims=True)": "sign",
        "return dD.max(axis=1, keepdims=True)": "largest-for-sum",
        "return np.sum(dD, axis=1, keepdim=True)": "call-does-not-fit",
        "return np.sum(dD, axis=2, keepdims=True)": "no-such-axis",
        "return np.ones((dD.shape[0], 1))": "ones",
        "s = 0\nfor k in range(dD.shape[1]):\n    s += dD[:, k]\nreturn s": "axis-dropped",
        "return [[sum(row)] for row in dD]": "list-for-array",
    },
    "jacobian_D_W": {
        NEW + "J = np.zeros((n, p, n, m))\nfor a in range(n):\n    J[a, 0, a] = X[:, 0]\nreturn J": (
            "first-example-only"
        ),
        "return np.einsum('ij,kl->ikjl', W, np.eye(X.shape[1]))": "by-input-in-full",
        NEW
        + "J = np.zeros((n, p, n, m))\nfor i in range(n):\n    J[i, :, i, :] = X\nreturn J": "assignment-does-not-fit",
        NEW
        + "J = np.zeros((n, p, n, m))\n"
        + FILL
        + "                J[a, b, c, d] = X[d, b]\nreturn J": "every-row-acts",
        NEW
        + "J = np.zeros((n, m, n, p))\n"
        + FILL
        + "                J[c, d, a, b] = X[d, b] * (a == c)\nreturn J": "inputs-first",
        NEW
        + "J = np.zeros((n, p, n, m))\n"
        + FILL
        + "                J[a, b, c, d] = float(a == c)\nreturn J": "ones-for-inputs",
        NEW
        + "J = np.zeros((n * p, n * m))\n"
        + FILL
        + "                J[a * p + b, c * m + d] = X[d, b] * (a == c)\nreturn J": ("as-matrix"),
        NEW
        + "J = np.zeros((n, p, m, n))\n"
        + FILL
        + "                J[a, b, d, c] = X[d, b] * (a == c)\nreturn J": "inputs-exchanged",
        NEW
        + "J = np.zeros((p, n, n, m))\n"
        + FILL
        + "                J[b, a, c, d] = X[d, b] * (a == c)\nreturn J": "outputs-exchanged",
        NEW
        + "J = np.zeros((n, p, n, m))\n"
        + FILL
        + "                J[a, b, c, d] = -X[d, b] * (a == c)\nreturn J": "sign",
        NEW
        + "J = np.zeros((n, p, n, m))\n"
        + FILL
        + "                J[a, b, c, d] = X[b, d] * (a == c)\nreturn J": "wrong-way-round-X|index-out-of-range",
    },
}
