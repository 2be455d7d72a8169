"""The style sheet of everything that is shown: a few rules, under a name of their own."""

from autograder.drawing.palette import NEGATIVE, NOTHING, POSITIVE, RIGHT, WRONG, css

# What a notebook's theme calls its page and its text: JupyterLab's names, then VS Code's, then the browser's.
PAGE = "var(--jp-layout-color0,var(--vscode-editor-background,Canvas))"
# A page that tells neither, and not the browser either that it is dark, is taken for the opposite of its text.
OPPOSITE = "rgb(from currentColor {0} {0} {0})".format("calc((383 - r - g - b)*99)")
PAGE_OR_OPPOSITE = PAGE.replace("Canvas", OPPOSITE)
TEXT = "var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit))"
# JupyterLab takes no key for itself that is pressed on an element with this mark; others do not know it.
OWN_KEYS = 'data-lm-suppress-shortcuts="true"'
HATCH = "repeating-linear-gradient(135deg,transparent 0 4px,currentColor 4px 5px)"

SHEET = f"""
.agr{{color:{TEXT};font:14px/1.45 system-ui,sans-serif;margin:.4em 0;padding:.5em .8em;max-width:70em;
border-left:4px solid {css(NOTHING)};overflow-x:auto}}
.agr.ok{{border-color:{css(RIGHT)}}}.agr.no{{border-color:{css(WRONG)}}}
.agr p{{margin:.25em 0}}.agr.agr ul{{list-style:none;margin:.25em 0;padding:0}}.agr.agr li{{margin:.1em 0}}
.agr .ok>b.m{{color:{css(RIGHT)}}}.agr .no>b.m{{color:{css(WRONG)}}}
.agr code,.agr .n{{font-family:ui-monospace,monospace;font-size:13px;background:none;color:inherit;padding:0}}
.agr .panels{{display:flex;flex-wrap:wrap;gap:.3em 1.6em;margin:.3em 0}}
.agr.agr table{{border-collapse:separate;border-spacing:2px;margin:.2em 0;font-size:13px;color:inherit;border:0;
width:auto;table-layout:auto}}
.agr.agr caption{{caption-side:top;text-align:left;padding:0 0 .1em;color:inherit;font-weight:600;
white-space:nowrap}}
.agr.agr tr,.agr.agr tbody tr:nth-child(n){{background:none}}
.agr.agr th,.agr.agr td{{text-align:right;padding:.2em .5em;border:0;color:inherit;max-width:none;
font-weight:400;white-space:nowrap;background-color:transparent;vertical-align:middle}}
.agr.agr th{{opacity:.8;font-size:12px}}.agr.agr .l{{text-align:left}}
.agr.agr .h td{{font-family:ui-monospace,monospace;border-radius:3px;min-width:3.2em;
box-shadow:inset 0 0 0 1px rgba(128,128,128,.45)}}
.agr.agr .h.s td{{min-width:1.3em;height:1.3em;padding:0 .15em;text-align:center}}
.agr.agr td.w{{box-shadow:inset 0 0 0 2px currentColor;font-weight:700}}
.agr.agr td.w.d{{background-image:{HATCH};
background-size:.9em 100%;background-repeat:no-repeat;padding-left:1.4em}}
.agr.agr .h td.x{{box-shadow:none}}
.agr.agr td.k{{opacity:.75;font-style:italic}}
.agr .bar{{display:inline-block;height:.75em;min-width:1px;vertical-align:middle;border-radius:2px}}
.agr details{{margin:.3em 0}}.agr summary{{cursor:pointer}}
.agr svg{{max-width:100%;height:auto;display:block}}
.agr .frame{{display:none}}
.agr form.steps{{margin:0}}.agr form.steps>input{{margin:.2em .35em .5em 0;accent-color:{css(NEGATIVE)};
width:1.1em;height:1.1em}}
.agr form.steps>input:focus-visible{{outline:3px solid {css(POSITIVE)};outline-offset:2px}}
"""
LINES = f"""
.agr-n text{{fill:currentColor;font:13px system-ui,sans-serif;text-anchor:middle}}.agr-n .s{{text-anchor:start}}
.agr-n .v{{font:12px ui-monospace,monospace}}.agr-n .c{{fill:{PAGE};fill-opacity:.88}}
@supports (color:rgb(from red r g b)){{.agr-n .c{{fill:{PAGE_OR_OPPOSITE}}}}}
.agr-n .f{{font-size:12px;opacity:.85}}
.agr-n .p{{stroke:{css(POSITIVE)};fill:{css(POSITIVE)}}}
.agr-n .q{{stroke:{css(NEGATIVE)};fill:{css(NEGATIVE)}}}
.agr-n line.q,.agr-n .q>.w{{stroke-dasharray:9 4}}
.agr-n .z{{stroke:{css(NOTHING)};fill:none;stroke-dasharray:1.5 4;stroke-width:1.5px}}
.agr-n .n{{stroke:currentColor;fill:currentColor}}.agr-n line.n,.agr-n .n>.w{{stroke-dasharray:2 3 8 3}}
.agr-n circle.n{{fill:none;stroke-dasharray:2 3 8 3;stroke-width:3px}}
.agr-n .u{{stroke-width:2.5px}}
.agr-n circle.z{{stroke-dasharray:4 4;stroke-width:2px;fill:rgba(128,128,128,.18)}}
.agr-n circle.i{{stroke:currentColor;fill:none;stroke-width:1.5px}}
"""
# A picture that stands alone has no page to take its colours from.
ALONE = ".agr-n{color-scheme:light dark;color:#1f2328}@media (prefers-color-scheme:dark){.agr-n{color:#e6edf3}}"


def sheet(*, network: bool = False) -> str:
    """Return the style element for what is shown in a notebook."""
    return f"<style>{_packed(SHEET + (LINES if network else ''))}</style>"


def sheet_alone() -> str:
    """Return the style element of a network's picture that stands in a file of its own."""
    return f"<style>{_packed(ALONE + LINES)}</style>"


def _packed(rules: str) -> str:
    return rules.strip().replace("\n", "")
