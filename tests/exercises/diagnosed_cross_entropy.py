"""Wrong answers to cross_entropy as students write them: the body of the function, and the mistake that is in it."""

CROSS_ENTROPY: dict[str, str] = {
    "t = -np.sum(Y * np.log(A2 + 1e-10) + (1 - Y) * np.log(1 - A2 + 1e-10))\n"
    "return t / len(Y) if reduction == 'mean' else t": "binary-with-guard-1e-10",
    "t = -np.sum(A2 * np.log(Y + 1e-10))\nreturn t / len(Y) if reduction == 'mean' else t": (
        "exchanged-with-accepted-guard"
    ),
    "L = -np.sum(A2 * np.log(Y + 1e-12))\nreturn L / len(Y) if reduction == 'mean' else L": "exchanged-with-guard",
    "L = -np.sum(Y * np.log(softmax(A2)))\nreturn L / len(Y) if reduction == 'mean' else L": "softmax-again",
    "p = np.clip(A2, 1e-7, 1 - 1e-7)\nloss = -np.sum(Y * np.log(p))\n"
    "return loss / len(Y) if reduction == 'mean' else loss": "clip-at-1e-07",
    "return -np.sum(Y * np.log(A2 + 1e-12))": "always-sum",
    "return -np.sum(Y * np.log(A2 + 1e-12)) / len(Y)": "always-mean",
    "L = np.sum(Y * np.log(A2 + 1e-12))\nreturn L / len(Y) if reduction == 'mean' else L": "sign",
    "L = -Y * np.log(A2 + 1e-12)\nreturn np.mean(L) if reduction == 'mean' else np.sum(L)": (
        "averaged-over-classes-too"
    ),
    "L = -np.sum(Y * np.log(A2))\nreturn L / len(Y) if reduction == 'mean' else L": "zero-times-logarithm-of-zero",
    "L = -np.sum(Y * np.log2(A2 + 1e-12))\nreturn L / len(Y) if reduction == 'mean' else L": ("logarithm-to-base-two"),
    "L = np.sum((A2 - Y) ** 2)\nreturn L / len(Y) if reduction == 'mean' else L": "squared-error",
    "L = -np.sum(Y * np.log(A2 + 1e-7))\nreturn L / len(Y) if reduction == 'mean' else L": "guard-too-large",
    "L = -np.sum(Y * np.log(A2 + 1e-5))\nreturn L / len(Y) if reduction == 'mean' else L": "guard-far-too-large",
    "return -np.log(np.sum(A2 * Y, axis=1))": "not-summed",
    "L = -np.sum(Y * A2)\nreturn L / len(Y) if reduction == 'mean' else L": "likelihood",
    "L = -np.sum(Y * np.log(A2 + 1e-12))\nreturn L / len(Y) if reduction == 'sum' else L": "options-exchanged",
    "L = -np.sum(Y * np.log(A2 + 1e-12))\nreturn L / Y.shape[1] if reduction == 'mean' else L": (
        "over-k-for-m-for-mean"
    ),
}
