"""Wrong answers to set 1 as students write them: the body of the function, and the mistake that is in it."""

from diagnosing import Bodies

SIGMOID = "s = 1 / (1 + math.exp(-min(max(x * w, -700), 700)))\n"
DEEP = "a = [x]\nfor w in ws:\n    a.append(1 / (1 + np.exp(-w * a[-1])))\nd, dws = 1.0, np.zeros(len(ws))\n"
BACK = "for k in range(len(ws) - 1, -1, -1):\n"

BODIES: Bodies = {
    "grad_pipeline": {
        "return a * x + b": "value-for-slope",
        "u = a * x\ny = u + b\nreturn y": "value-for-slope",
        "du_dx = a\ndy_du = 1\nreturn du_dx + dy_du": "slopes-added-as-one",
        "du_dx = a\ndy_du = b\nreturn du_dx * dy_du": "step-two-by-constant",
        "return -a": "sign",
        "return 2 * a": "twice",
        "return b": "returns-b",
        "return x": "returns-x",
        "return 3.0": "same-whatever-the-arguments",
        "return np.array([a])": "array-of-one",
        "return [a]": "list-for-number",
        "print(a)": "nothing-returned",
        "return a * c": "name-not-defined",
        "return str(a)": "text-for-number",
        "raise NotImplementedError": "not-written",
        "return a * x": "times-x-again",
        "return 1.0": "ones",
    },
    "grad_two_layers": {
        "return -x * w2, -x * w1, -w1 * w2": "order-dw1-dw2-dx-and-sign",
        "return w1 + w2, x * w2, x * w1": "weights-added",
        "dy_dh = w2\nreturn w1, x, x * w1": "local-derivatives",
        "h = x * w1\ny = h * w2\nreturn y, y, y": "own-factor-kept",
        "dx = w1 * w2\ndw1 = x * w2\ndw2 = x * w1\nreturn dw1, dw2, dx": "order-dw1-dw2-dx",
        "return x * w2, x * w1": "without-dx",
        "return w1 * w2": "only-dx",
        "return {'dx': w1 * w2, 'dw1': x * w2, 'dw2': x * w1}": "dict-for-tuple",
        "return -w1 * w2, -x * w2, -x * w1": "sign",
        "h = x * w1\nreturn w1 * w2, x * w2, -h": "sign-dw2",
        "return w1 * w2, x * w2, x": "dw2-from-input",
        "return w2, x * w2, x * w1": "ignores-w1-dx",
        "dh = w2\nreturn dh * w1, dh * x": "without-dw2",
    },
    "relu_grad": {
        "return 1.0 if z else 0.0": "open-but-at-zero",
        "return 1.0 if z <= 0 else 0.0": "inverted-with-zero",
        "return 1.0 if z > 0 else -1.0": "minus-where-shut",
        "if z >= 0:\n    return 1.0\nreturn 0.0": "counts-zero",
        "return float(z > 1e-12)": "tinier-threshold-above-zero",
        "return 1.0 if z > -0.001 else 0.0": "",
        "return z if z > 0 else 0.0": "value-for-slope",
        "return max(0.0, z)": "value-for-slope",
        "if z > 0:\n    return 1.0\nelse:\n    return -1.0": "",
        "if z > 0:\n    return 1.0\nif z < 0:\n    return -1.0\nreturn 0.0": "sign-for-slope",
        "return 0.0 if z > 0 else 1.0": "",
        "if z < 0:\n    return 1.0\nreturn 0.0": "inverted",
        "return 1.0 if z > 0 else 0.01": "leaky",
        "if z == 0:\n    return 0.5\nreturn float(z > 0)": "half-at-zero",
        "return 1.0": "ones",
        "if z > 0:\n    return 1.0": "nothing-returned",
        "return 2.0 * (z > 0)": "twice",
        "return float(np.clip(z, 0, 1))": "value-cut-at-one",
    },
    "grad_relu_neuron": {
        "g = float(x * w > 0)\nreturn w * g, x": "gate-missing-dw",
        "return w, x": "gate-missing",
        "z = x * w\nif z >= 0:\n    return w, x\nreturn 0.0, 0.0": "gate-counts-zero",
        "if x > 0:\n    return w, x\nreturn 0.0, 0.0": "gate-of-x",
        "g = 1.0 if w > 0 else 0.0\nreturn w * g, x * g": "gate-of-w",
        "a = max(0.0, x * w)\nreturn a * w, a * x": "gate-is-value",
        "g = 1.0 if x * w > 0 else 0.0\nreturn x * g, w * g": "order-dw-dx|exchanged-x-w",
        "g = 1.0 if x * w < 0 else 0.0\nreturn w * g, x * g": "gate-inverted",
        "g = 1.0 if x * w > 0 else 0.0\nreturn g, g": "gate-only",
        "if x > 0 and w > 0:\n    return w, x\nreturn 0.0, 0.0": "gate-needs-both",
        "g = float(x * w > 0)\nreturn (w * g,)": "without-dw",
    },
    "grad_three_layers": {
        "return -x * w2 * w3, -x * w1 * w3, -x * w1 * w2, -w1 * w2 * w3": "order-dw1-dw2-dw3-dx-and-sign",
        "return w1 + w2 + w3, x * w2 * w3, x * w1 * w3, x * w1 * w2": "weights-added",
        "h1 = x * w1\nh2 = h1 * w2\nreturn w1, x, h1, h2": "local-derivatives",
        "return w1 * w2 * w3, x * w2 * w3, x * w1, x * w1 * w2": "ignores-w3-dw2",
        "return w1 * w2 * w3, x * w2, x * w1 * w3, x * w1 * w2": "ignores-w3-dw1",
        "y = x * w1 * w2 * w3\nreturn w1 * w2 * w3, y, x * w1 * w3, x * w1 * w2": "times-w1-again-dw1",
        "return x * w2 * w3, x * w1 * w3, x * w1 * w2, w1 * w2 * w3": "order-dw1-dw2-dw3-dx",
        "dh2 = w3\ndh1 = dh2 * w2\nreturn dh1 * w1, dh1 * x, dh2 * x, x": "input-for-activations",
    },
    "learning_step": {
        "return w + lr * (w * x - target) * x": "half-step-uphill",
        "dw = (w * x - target) * x\nreturn w - lr * dw / 2": "quarter-step",
        "grad = 2 * (w * x - target) * x\nreturn w + lr * grad": "step-uphill",
        "e = w * x - target\nreturn w - lr * e * x": "half-step",
        "e = w * x - target\nreturn w - lr * 2 * e": "inner-derivative-missing",
        "return w - 2 * (w * x - target) * x": "step-without-rate",
        "grad = 2 * (w * x - target) * x\nreturn grad": "gradient-for-step",
        "return -lr * 2 * (w * x - target) * x": "step-only",
        "return w - lr * w": "parameter-for-gradient",
        "loss = (w * x - target) ** 2\nreturn w - lr * loss": "loss-for-gradient",
        "lr = 0.1\nreturn w - lr * 2 * (w * x - target) * x": "rate-of-one-tenth",
        "return w - lr * 2 * (target - w * x) * x": "step-uphill",
        "e = w * x - target\nif e > 0:\n    return w - lr * x\nreturn w + lr * x": "sign-of-error|",
        "return w - lr * 2 * (w * x - target) * w": "derivative-by-input",
        "return w - lr * 2 * (w * x + target) * x": "target-added",
        "for _ in range(3):\n    pass\nreturn w": "unchanged",
        "return w - lr * 2 * abs(w * x - target) * x": "size-of-error",
        "return lr * (w - 2 * (w * x - target) * x)": "rate-on-weight-too",
        "return w - lr * (2 * w * x - target) * x": "prediction-doubled",
        "for _ in range(2):\n    w = w - lr * 2 * (w * x - target) * x\nreturn w": "two-steps",
    },
    "grad_sigmoid_neuron": {
        "a = 1 / (1 + maths.exp(-x * w))\nreturn a * (1 - a) * w, a * (1 - a) * x": "name-not-defined",
        SIGMOID + "return w * s, x * s": "slope-is-value",
        SIGMOID + "return w * (1 - s**2), x * (1 - s**2)": "tanh-formula",
        SIGMOID + "return w * (1 - s), x * (1 - s)": "slope-is-one-minus-value",
        SIGMOID + "return s * (1 - s), s * (1 - s)": "slope-only",
        SIGMOID + "return x * s * (1 - s), w * s * (1 - s)": "order-dw-dx|exchanged-x-w",
        SIGMOID + "return -w * s * (1 - s), -x * s * (1 - s)": "sign",
        "s = 1 / (1 + math.exp(-x))\nreturn w * s * (1 - s), x * s * (1 - s)": "slope-at-x",
        "t = np.tanh(x * w)\nreturn w * (1 - t ** 2), x * (1 - t ** 2)": "slope-of-tanh",
        "return w, x": "slope-missing",
        "z = x * w\nreturn w * z * (1 - z), x * z * (1 - z)": "slope-at-raw",
        "s = 1 / (1 + np.exp(np.float64(-x * w)))\nreturn w * s * (1 - s), x * s * (1 - s)": "overflow",
        "s = 1 / (1 + math.exp(-x * w))\nreturn w * s * (1 - s), x * s * (1 - s)": "overflow",
    },
    "grad_deep_sigmoid": {
        DEEP + BACK + "    dws[k] = d * a[k]\n    d *= a[k + 1] * (1 - a[k + 1]) * ws[k]\nreturn d, dws": (
            "own-slope-missing"
        ),
        DEEP
        + "d = a[-1]\n"
        + BACK
        + "    d *= a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * a[k]\n    d *= ws[k]\nreturn d, dws": (
            "begins-with-output"
        ),
        DEEP + BACK + "    d *= a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * a[k]\n    d *= ws[k - 1]\nreturn d, dws": (
            "weight-of-layer-before"
        ),
        DEEP
        + BACK
        + "    d *= 1 - a[k + 1] ** 2\n    dws[k] = d * a[k]\n    d *= ws[k]\nreturn d, dws": "slope-of-tanh",
        DEEP
        + BACK
        + "    d *= a[k + 1] * (1 - a[k + 1]) if k < len(ws) - 1 else 1\n    dws[k] = d * a[k]\n    d *= ws[k]\n"
        "return d, dws": "last-slope-missing",
        DEEP + BACK + "    d = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * a[k]\n    d *= ws[k]\nreturn d, dws": (
            "own-layer-only-dx"
        ),
        DEEP + BACK + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k]\n    d = d * g\nreturn d, dws": (
            "weight-missing-on-the-way"
        ),
        DEEP
        + BACK
        + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k]\n    d = d * ws[k]\nreturn d, dws": (
            "slope-missing-on-the-way"
        ),
        DEEP
        + BACK
        + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k + 1]\n    d *= g * ws[k]\nreturn d, dws": (
            "activation-after"
        ),
        DEEP + BACK + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * x\n    d *= g * ws[k]\nreturn d, dws": (
            "input-for-activations"
        ),
        DEEP + BACK + "    dws[k] = d * a[k]\n    d *= ws[k]\nreturn d, dws": "slope-missing",
        DEEP + BACK + "    g = a[k] * (1 - a[k])\n    dws[k] = d * g * a[k]\n    d *= g * ws[k]\nreturn d, dws": (
            "slope-of-layer-before"
        ),
        DEEP + BACK + "    d *= a[k + 1] * (1 - a[k + 1])\n    dws[k] = d\n    d *= ws[k]\nreturn d, dws": (
            "activation-missing"
        ),
        DEEP
        + BACK
        + "    d *= a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * a[k]\n    if k:\n        d *= ws[k]\nreturn d, dws": (
            "first-weight-missing"
        ),
        DEEP + "for k in range(len(ws) - 1, 0, -1):\n"
        "    d *= a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * a[k]\n    d *= ws[k]\nreturn d, dws": (
            "first-layer-left-out"
        ),
        DEEP + BACK + "    g = 1 - a[k + 1]\n    dws[k] = d * g * a[k]\n    d *= g * ws[k]\nreturn d, dws": (
            "slope-is-one-minus-value"
        ),
        DEEP + BACK + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = g * a[k]\n    d = g * ws[k]\nreturn d, dws": "",
        DEEP
        + BACK
        + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k]\n    d *= g * ws[k]\nreturn dws, d": (
            "order-dws-dx"
        ),
        DEEP
        + BACK
        + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k]\n    d *= g * ws[k]\nreturn d, list(dws)": (
            "list-for-array"
        ),
        DEEP
        + BACK
        + "    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = d * g * a[k]\n    d *= g * ws[k]\nreturn d, dws[::-1]": (
            "backwards"
        ),
        DEEP + "for k in range(len(ws)):\n    g = a[k + 1] * (1 - a[k + 1])\n    dws[k] = g * a[k]\nreturn d, dws": "",
    },
}
