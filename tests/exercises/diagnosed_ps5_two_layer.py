"""Wrong answers to set 5 as students write them: the body of the function, and the mistake that is in it."""

from diagnosed_cross_entropy import CROSS_ENTROPY
from diagnosing import Bodies

FORWARD = "Z1 = X @ W1 + b1\nA1 = np.maximum(0, Z1)\nZ2 = A1 @ W2 + b2\n"
PASS = "Z1, A1, Z2, A2 = forward(X, params['W1'], params['b1'], params['W2'], params['b2'])\n"
DZ2 = "dZ2 = (A2 - Y) / X.shape[0]\n"
DZ1 = "dZ1 = (dZ2 @ params['W2'].T) * (Z1 > 0)\n"
END = (
    "return {'W1': X.T @ dZ1, 'b1': dZ1.sum(axis=0, keepdims=True), 'W2': A1.T @ dZ2, "
    "'b2': dZ2.sum(axis=0, keepdims=True)}"
)
G = "g = backward(X, Y, params)\n"
LOOP = "losses = [cross_entropy(forward(X, **params)[3], Y)]\n"
AFTER = "    params = train_step(X, Y, params, lr)\n    losses.append(cross_entropy(forward(X, **params)[3], Y))\n"

BODIES: Bodies = {
    "softmax": {
        "E = np.exp(np.clip(Z, -50, 50))\nreturn E / E.sum(axis=1, keepdims=True)": "scores-cut-off",
        "E = np.exp(Z - Z.max(axis=1, keepdims=True))\nreturn E / (E.sum(axis=1, keepdims=True) + 1e-5)": (
            "sum-guarded-by-1e-05"
        ),
        "return np.exp(Z) / np.sum(np.exp(Z))": "over-everything-no-shift",
        "e = np.exp(Z)\nreturn e / e.sum(axis=1, keepdims=True)": "no-shift",
        "e = np.exp(Z - Z.max(axis=0, keepdims=True))\nreturn e / e.sum(axis=0, keepdims=True)": "over-examples",
        "e = np.exp(Z - np.max(Z))\nreturn e / np.sum(e)": "over-everything",
        "e = np.exp(Z - np.max(Z))\nreturn e / e.sum(axis=1, keepdims=True)": "one-shift-for-all|",
        "return np.exp(Z - Z.max(axis=1, keepdims=True))": "not-normalized",
        "e = np.exp(Z - Z.max(axis=1))\nreturn e / e.sum(axis=1)": "shapes-do-not-fit",
        "p = np.zeros_like(Z)\np[np.arange(len(Z)), Z.argmax(axis=1)] = 1\nreturn p": "hard",
        "return Z / np.sum(Z, axis=1, keepdims=True)": "shares-of-scores",
        "e = np.exp(Z - Z.max(axis=1, keepdims=True))\nreturn np.log(e / e.sum(axis=1, keepdims=True))": "logarithm|",
        "Z -= Z.max(axis=1, keepdims=True)\ne = np.exp(Z)\nreturn e / e.sum(axis=1, keepdims=True)": "argument-changed",
        "e = np.exp(Z - Z.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=0, keepdims=True)": (
            "divided-by-column-sums"
        ),
        "e = np.exp(Z.max(axis=1, keepdims=True) - Z)\nreturn e / e.sum(axis=1, keepdims=True)": "scores-negated|",
    },
    "forward": {
        "Z1 = X @ W1 + b1\nA1 = softmax(Z1)\nZ2 = A1 @ W2 + b2\nreturn Z1, A1, Z2, softmax(Z2)": "softmax-for-relu",
        "Z1 = X @ W1 + b1\nA1 = np.maximum(Z1, 0)\nZ2 = A1 @ W2 + b2\n"
        "return Z1, A1, Z2, softmax(softmax(Z2))": "softmax-twice",
        FORWARD.replace("np.maximum(0, Z1)", "Z1") + "return Z1, A1, Z2, softmax(Z2)": "relu-missing",
        FORWARD.replace(" + b1", "") + "return Z1, A1, Z2, softmax(Z2)": "first-bias-missing",
        FORWARD.replace(" + b2", "") + "return Z1, A1, Z2, softmax(Z2)": "second-bias-missing",
        FORWARD + "return Z1, A1, Z2, Z2": "softmax-missing",
        FORWARD.replace("A1 @", "Z1 @") + "return Z1, A1, Z2, softmax(Z2)": "Z2-from-Z1",
        FORWARD + "return softmax(Z2)": "only-A2",
        FORWARD + "return A2": "name-not-defined",
        FORWARD + "return Z1, A1, Z2, softmax(Z2.T).T": "softmax-over-examples",
        FORWARD + "return Z1, A1, Z2, 1 / (1 + np.exp(-Z2))": "sigmoid-for-softmax",
        FORWARD.replace("np.maximum(0, Z1)", "np.tanh(Z1)") + "return Z1, A1, Z2, softmax(Z2)": "tanh",
        FORWARD + "return Z1, Z2, A1, softmax(Z2)": "order-Z1-Z2-A1-A2",
        FORWARD + "return Z1, A1, Z2": "without-A2",
        FORWARD + "return A1, A1, Z2, softmax(Z2)": "negative-cut-Z1|repeats-A1-Z1",
    },
    "cross_entropy": CROSS_ENTROPY,
    "softmax_jacobian": {
        "J = -np.outer(a, a)\nnp.fill_diagonal(J, 1 - a)\nreturn J": "one-minus-on-diagonal",
        "return np.diag(a) - a * a.T": "squares-along-rows",
        "return np.diag(a * (1 - a)) - np.outer(a, a)": "diagonal-twice",
        "return np.diag(a) - a[:, None]": "column-subtracted",
        "return np.eye(len(a)) - a[None, :]": "first-factor-missing",
        "return np.array([[a[i] * ((i == j) - a[j]) for j in range(3)] for i in range(3)])": "size-written-in",
        "return np.diag(a * (1 - a))": "diagonal-only",
        "return a * (1 - a)": "diagonal-as-vector",
        "return np.outer(a, a) - np.diag(a)": "sign",
        "return np.diag(a) + np.outer(a, a)": "products-added",
        "return np.diag(a) - np.dot(a, a)": "inner-for-outer",
        "return np.diag(a)": "products-missing",
        "return -np.outer(a, a)": "diagonal-missing",
        "return np.eye(len(a)) - np.outer(a, a)": "identity-for-diagonal",
        "J = np.zeros((len(a), len(a)))\nfor i in range(len(a)):\n    for j in range(len(a)):\n"
        "        J[i, j] = a[i] * (1 - a[j])\nreturn J": "zero-off-row-sum",
        "J = np.outer(a, a)\nfor i in range(len(a)):\n    J[i, i] = a[i] * (1 - a[i])\nreturn J": "off-diagonal-sign",
    },
    "grad_Z2": {
        "return A2 - Y / len(Y) if reduction == 'mean' else A2 - Y": "truth-alone-averaged",
        "G = softmax(A2) - Y\nreturn G / len(Y) if reduction == 'mean' else G": "softmax-again",
        "d = A2 - Y\nreturn d.mean(axis=0) if reduction == 'mean' else d.sum(axis=0)": "one-row-for-all",
        "return (A2 - Y) / (len(Y) - 1) if reduction == 'mean' else A2 - Y": "one-less-than-m-for-mean",
        "return (A2 - Y).mean(axis=0) if reduction == 'mean' else A2 - Y": "averaged-over-examples",
        "return A2 - Y": "always-sum",
        "return (A2 - Y) / len(Y)": "always-mean",
        "dZ2 = Y - A2\nreturn dZ2 / len(Y) if reduction == 'mean' else dZ2": "exchanged-A2-Y|sign",
        "return Y - A2": "always-sum-and-sign|times-m-for-mean-and-sign|exchanged-A2-Y-and-times-m-for-mean",
        "dZ2 = (A2 - Y) * A2 * (1 - A2)\nreturn dZ2 / len(Y) if reduction == 'mean' else dZ2": "sigmoid-slope-too",
        "dZ2 = -Y / A2\nreturn dZ2 / len(Y) if reduction == 'mean' else dZ2": "loss-by-probability",
        "dZ2 = A2 - Y\nreturn dZ2 / Y.size if reduction == 'mean' else dZ2": "over-k-for-mean",
        "dZ2 = A2 - Y\nreturn dZ2 / Y.shape[1] if reduction == 'mean' else dZ2": "over-k-for-m-for-mean",
        "A2[Y == 1] -= 1\nreturn A2 / len(Y) if reduction == 'mean' else A2": "argument-changed",
        "dZ2 = A2.copy()\ndZ2[:, Y.argmax(axis=1)] -= 1\nreturn dZ2 / len(Y) if reduction == 'mean' else dZ2": (
            "one-off-whole-columns"
        ),
        "dZ2 = A2\nreturn dZ2 / len(Y) if reduction == 'mean' else dZ2": "truth-missing",
        "return (A2 - Y) / 10 if reduction == 'mean' else A2 - Y": "batch-of-the-example",
    },
    "grad_W2": {
        "return A1.T @ dZ2 / (len(A1) - 1)": "over-one-less-than-m",
        "return dZ2.T @ A1": "transposed",
        "return A1 @ dZ2": "wrong-way-round-A1",
        "return A1.T @ dZ2 / A1.shape[0]": "over-m",
        "return (dZ2.T @ A1) / len(A1)": "transposed-and-over-m",
        "return A1 * dZ2": "elementwise-A1-dZ2|shapes-do-not-fit",
        "return -A1.T @ dZ2": "sign",
        "return -(dZ2.T @ A1)": "transposed-and-sign",
        "return np.outer(A1[0], dZ2[0])": "first-of-m",
        "return np.outer(A1.sum(0), dZ2.sum(0))": "examples-apart",
        "return A1.T @ dZ2 / 10": "batch-of-the-example",
        "return A1.T @ (dZ2 > 0)": "mask-for-dZ2",
        "return (A1 > 0).T @ dZ2": "mask-for-A1",
        "return A1.reshape(A1.shape[1], A1.shape[0]) @ dZ2": "reshaped-A1",
        "return A1.T @ dZ": "name-not-defined",
        "return a1.T @ dZ2": "name-not-defined",
        "return (A1.T @ dZ2).astype(np.float16)": "half-precision",
        "for i in range(len(A1)):\n    return np.outer(A1[i], dZ2[i])": "first-of-m",
        "W = np.zeros((A1.shape[1], dZ2.shape[1]))\nfor i in range(len(A1) - 1):\n"
        "    W += np.outer(A1[i], dZ2[i])\nreturn W": ("without-last-of-m"),
        "return A1.T @ dZ2 / dZ2.shape[1]": "over-k",
        "return A1.T @ dZ2 / dZ2.size": "over-m-k",
        "return 2 * A1.T @ dZ2": "twice",
        "return A1.T @ dZ2 * len(A1)": "times-m",
        "return A1.T.dot(dZ2).sum()": "summed-to-number",
    },
    "grad_b2": {
        "return dZ2": "not-summed",
        "return np.sum(dZ2, axis=0)": "axis-dropped",
        "return np.sum(dZ2, axis=1, keepdims=True)": "wrong-axis",
        "return np.sum(dZ2)": "summed-to-number",
        "return np.mean(dZ2, axis=0, keepdims=True)": "over-m",
        "return np.mean(dZ2, axis=0)": "axis-dropped-and-over-m",
        "return -np.sum(dZ2, axis=0, keepdims=True)": "sign",
        "return -dZ2.sum(axis=0)": "axis-dropped-and-sign",
        "return np.sum(dZ2, axis=1)": "wrong-axis-dropped",
        "return dZ2[0:1]": "first-of-m",
        "return dZ2.sum(axis=0).reshape(-1, 1)": "transposed",
    },
    "grad_A1": {
        "return dZ2 @ W2": "wrong-way-round-W2",
        "return W2 @ dZ2.T": "transposed",
        "return dZ2 * W2": "elementwise-W2-dZ2|elementwise-dZ2-W2|shapes-do-not-fit",
        "return dZ2 * W2.T": "elementwise-W2-down-dZ2|elementwise-dZ2-down-W2|shapes-do-not-fit",
        "return dZ2 @ W2.T / len(dZ2)": "over-m",
        "return -dZ2 @ W2.T": "sign",
        "return np.ones_like(dZ2) @ W2.T": "ignores-dZ2",
        "return W2 @ dZ2": "product-W2-dZ2|product-does-not-fit",
        "return dZ2 @ np.linalg.pinv(W2)": "",
        "return W2": "returns-W2",
        "return np.maximum(dZ2 @ W2.T, 0)": "negative-cut",
        "return dZ2 @ W2.reshape(W2.shape[1], W2.shape[0])": "reshaped-W2",
    },
    "grad_Z1": {
        "return dA1 * (Z1 > 1e-10)": "tinier-threshold-above-zero",
        "return dA1 * (1 - np.tanh(Z1) ** 2)": "slope-of-tanh-itself",
        "return dA1": "mask-missing",
        "return dA1 * (Z1 >= 0)": "mask-counts-zero",
        "return np.where(Z1 < 0, 0.0, dA1)": "mask-counts-zero",
        "return dA1 * np.maximum(0, Z1)": "times-activation",
        "return dA1 * (dA1 > 0)": "mask-of-gradient",
        "return np.maximum(dA1, 0)": "mask-of-gradient",
        "return 1.0 * (Z1 > 0)": "mask-only",
        "dA1[Z1 <= 0] = 0\nreturn dA1": "argument-changed",
        "return dA1 * (1 - Z1 ** 2)": "slope-of-tanh",
        "s = 1 / (1 + np.exp(-Z1))\nreturn dA1 * s * (1 - s)": "slope-of-sigmoid",
        "return dA1 * (Z1 < 0)": "mask-inverted",
        "return dA1 * Z1": "times-input",
        "return dA1 @ (Z1 > 0)": "product-does-not-fit",
        "return dA1 * (Z1 > 0) / len(Z1)": "over-m",
    },
    "grad_W1": {
        "G = np.zeros((3, 4))\nfor x, d in zip(X, dZ1):\n    G += np.outer(x, d)\nreturn G": "size-written-in",
        "return dZ1.T @ X": "transposed",
        "return X @ dZ1": "wrong-way-round-X",
        "return X.T @ dZ1 / X.shape[0]": "over-m",
        "return np.einsum('md,mh->hd', X, dZ1)": "transposed",
        "return np.outer(X.mean(axis=0), dZ1.sum(axis=0))": (
            "examples-apart-and-over-m|X-summed-early-over-m-and-over-m"
        ),
        "return X.T @ np.sign(dZ1)": "",
        "return np.zeros((X.shape[1], dZ1.shape[1]))": "zeros",
        "return X.T @ dZ1 * 0.5": "half",
    },
    "grad_b1": {
        "return np.sum(dZ1 != 0, axis=0, keepdims=True).astype(float)": "same-whatever-the-numbers",
        "return dZ1.sum(axis=1, keepdims=True).T": "wrong-axis-turned",
        "return dZ1.sum(0)": "axis-dropped",
        "return dZ1.sum(1, keepdims=True)": "wrong-axis",
        "return dZ1.mean(0, keepdims=True)": "over-m",
        "return dZ1": "not-summed",
        "return sum(dZ1)": "axis-dropped",
        "return np.array([np.sum(dZ1)])": "",
        "return dZ1[-1:]": "last-of-m",
    },
    "backward": {
        "Z1 = forward(X, params)[0]\nreturn params": "call-does-not-fit",
        "Z1, A1, Z2, A2 = forward(X, **params)\nd = grad_Z2(A2, Y)\n"
        "e = grad_Z1(grad_A1(d, params['W2']), Z1)\n"
        "return dict(W1=grad_W1(X, e), b1=grad_b2(d), W2=grad_W2(A1, d), b2=grad_b1(e))": "keys-exchanged-b1-b2",
        PASS + DZ2 + DZ1 + END.replace("sum(axis=0", "sum(axis=1"): "biases-over-wrong-axis",
        PASS + "dZ2 = A2 - Y\n" + DZ1 + END: "mean-missing",
        PASS + DZ2 + "dZ1 = dZ2 @ params['W2'].T\n" + END: "mask-missing",
        PASS + "dZ2 = (Y - A2) / X.shape[0]\n" + DZ1 + END: "truth-minus-probability",
        PASS + DZ2 + DZ1.replace("Z1 > 0", "A1") + END: "times-activation",
        PASS + DZ2 + DZ1 + END.replace("A1.T", "Z1.T"): "dW2-from-Z1",
        PASS + DZ2 + DZ1 + END.replace("X.T", "A1.T"): "dW1-from-A1",
        PASS + DZ2 + DZ1 + END.replace(".sum(", ".mean("): "biases-averaged",
        PASS + DZ2 + DZ1 + END.replace(", keepdims=True", ""): "axis-dropped-b1-b2|axis-dropped",
        PASS + DZ2 + DZ1 + END.replace("X.T @ dZ1", "(X.T @ dZ1).T"): "transposed-W1",
        PASS + DZ2 + DZ1 + "return X.T @ dZ1, dZ1.sum(0), A1.T @ dZ2, dZ2.sum(0)": "no-dict",
        PASS + DZ2 + DZ1 + END.replace("'W1'", "'dW1'").replace("'W2'", "'dW2'"): "keys-renamed",
        PASS + DZ2.replace("X.shape[0]", "10") + DZ1 + END: "batch-of-the-example",
        PASS + DZ2 + DZ1.replace("Z1 > 0", "dZ2 @ params['W2'].T > 0") + END: "mask-of-gradient",
        PASS
        + DZ2
        + DZ1
        + END.replace("X.T @ dZ1", "X.T @ dZ1 / len(X)").replace("A1.T @ dZ2", "A1.T @ dZ2 / len(X)"): "over-m-W1-W2",
        PASS + DZ2 + DZ1.replace("params['W2'].T", "params['W2']") + END: "W2-wrong-way-round",
        PASS + DZ2 + DZ1 + "return params": "",
    },
    "train_step": {
        G + "return {k: params[k] + lr * g[k] for k in params}": "step-uphill",
        G + "return {k: params[k] - g[k] for k in params}": "step-without-rate",
        G + "return {k: params[k] - lr * params[k] for k in params}": "parameter-for-gradient",
        G + "for k in params:\n    params[k] -= lr * g[k]\nreturn params": "argument-changed",
        G + "for k in params:\n    params[k] = params[k] - lr * g[k]\nreturn params": "argument-changed",
        G + "return g": "gradient-for-step",
        "p = dict(params)\nfor k in ('W2', 'b2', 'W1', 'b1'):\n    p[k] = p[k] - lr * backward(X, Y, p)[k]\nreturn p": (
            "one-after-the-other-from-the-end"
        ),
        G + "return {k: -lr * g[k] for k in params}": "step-only",
        G + "lr = 0.1\nreturn {k: params[k] - lr * g[k] for k in params}": "rate-of-one-tenth",
        G + "return {'W1': params['W1'] - lr * g['W1'], 'b1': params['b1'], "
        "'W2': params['W2'] - lr * g['W2'], 'b2': params['b2']}": ("biases-left"),
        G + "return {k: params[k] - lr * g[k] / len(X) for k in params}": "mean-twice|step-over-m",
        "new = dict(params)\nfor k in params:\n    new[k] = new[k] - lr * backward(X, Y, new)[k]\nreturn new": (
            "one-after-the-other"
        ),
        G + "return {'d' + k: params[k] - lr * g[k] for k in params}": "keys-renamed",
        G + "return params": "unchanged",
        G + "return {k: params[k] - lr * g['d' + k] for k in params}": "no-such-key",
    },
    "train": {
        "losses = np.zeros(steps + 1)\nfor t in range(steps):\n    params = train_step(X, Y, params, lr)\n"
        "    losses[t + 1] = cross_entropy(forward(X, **params)[3], Y)\n"
        "return params, losses": "first-loss-left-at-zero",
        "losses = [cross_entropy(forward(X, **params)[3], Y)]\nfor t in range(steps):\n"
        "    params = train_step(X, Y, params, lr)\n"
        "    losses.append(cross_entropy(forward(X, **params)[3], Y))\n"
        "    return params, np.array(losses)\nreturn params, np.array(losses)": "returned-after-one-step",
        "losses = [cross_entropy(forward(X, **params)[3], Y)] * (steps + 1)\nfor t in range(steps):\n"
        "    params = train_step(X, Y, params, lr)\nreturn params, np.array(losses)": "losses-of-the-start",
        LOOP
        + "first = params\nfor _ in range(steps):\n"
        + AFTER.replace("Y, params, lr", "Y, first, lr")
        + "return params, np.array(losses)": "first-step-repeated",
        LOOP + "for _ in range(steps):\n" + AFTER + "return params, losses": "list-for-array",
        "losses = []\nfor _ in range(steps):\n" + AFTER + "return params, np.array(losses)": "first-loss-missing",
        LOOP + "for _ in range(1, steps):\n" + AFTER + "return params, np.array(losses)": "one-step-too-few|",
        LOOP + "for _ in range(steps + 1):\n" + AFTER + "return params, np.array(losses)": "one-step-too-many",
        LOOP + "for _ in range(steps):\n" + AFTER + "return np.array(losses)": "only-losses",
        LOOP + "for _ in range(steps):\n" + AFTER + "return np.array(losses), params": "order-losses-params",
        "losses = []\nfor _ in range(steps):\n    losses.append(cross_entropy(forward(X, **params)[3], Y))\n"
        "    params = train_step(X, Y, params, lr)\nreturn params, np.array(losses)": "last-loss-missing",
        LOOP
        + "for _ in range(steps):\n"
        + AFTER.replace("lr)\n", "-lr)\n", 1)
        + "return params, np.array(losses)": "uphill",
        LOOP
        + "p = params\nfor _ in range(steps):\n"
        + AFTER.replace("params = train", "p = train")
        + "return p, np.array(losses)": "",
        LOOP + "g = backward(X, Y, params)\nfor _ in range(steps):\n"
        "    params = {k: params[k] - lr * g[k] for k in params}\n"
        "    losses.append(cross_entropy(forward(X, **params)[3], Y))\nreturn params, np.array(losses)": (
            "gradients-found-once"
        ),
        LOOP + "for _ in range(steps):\n" + AFTER + "return params, np.array(losses) * len(X)": "losses-summed",
        LOOP + "for _ in range(steps):\n" + AFTER + "return params": "only-params",
    },
}
