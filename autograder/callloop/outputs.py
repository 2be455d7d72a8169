"""What a cell printed, displayed and raised, as notebook outputs."""

import traceback
from typing import Any

NOT_THE_STUDENTS = ("/callloop/", "IPython/core/interactiveshell", "IPython/core/async_helpers")
MOST_ERROR_CHARACTERS = 2000


class Outputs:
    """What a cell printed and displayed, as notebook outputs, up to a number of characters."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: list[dict[str, Any]] = []
        self.printed: list[str] = []
        self.errors: list[str] = []
        self._room = most
        self._cut = False

    def stream(self, name: str, text: str) -> None:
        """Keep printed text, as one output for each run of the same stream."""
        if self._room > 0:
            (self.printed if name == "stdout" else self.errors).append(text[: self._room])
        text = self._within_room(text)
        if not text:
            return
        if self.kept and self.kept[-1].get("name") == name:
            self.kept[-1]["text"] += text
        else:
            self.kept.append({"output_type": "stream", "name": name, "text": text})

    def told(self) -> dict[str, str]:
        """Return what was printed, by what it is called on the wire."""
        return {"printed": "".join(self.printed)[: self.most], "errors": "".join(self.errors)[: self.most]}

    def rich(self, kind: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Keep a displayed value in the forms it came in; where there is no room for all, in the shorter ones."""
        texts = {form: value if isinstance(value, str) else repr(value) for form, value in data.items()}
        while texts and sum(map(len, texts.values())) > self._room:
            # What is left of a picture without its picture is the text that stands for it.
            del texts[max(texts, key=lambda form: len(texts[form]))]
            self._note_cut()
        if not texts:
            self._room = 0
            return
        self._room -= sum(map(len, texts.values()))
        output: dict[str, Any] = {"output_type": kind, "data": texts, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = None
        self.kept.append(output)

    def error(self, error: BaseException) -> None:
        """Keep an exception with its traceback."""
        lines = [line[:MOST_ERROR_CHARACTERS] for line in student_traceback(error)]
        text = text_of(error)[:MOST_ERROR_CHARACTERS]
        output = {"output_type": "error", "ename": type(error).__name__[:200], "evalue": text, "traceback": lines}
        self.kept.append(output)

    def _within_room(self, text: str) -> str:
        kept, self._room = text[: self._room], max(0, self._room - len(text))
        if len(kept) < len(text):
            self._note_cut()
        return kept

    def _note_cut(self) -> None:
        if not self._cut:
            self._cut = True
            note = f"\n[output cut: more than {self.most:,} characters in one cell]\n"
            self.kept.append({"output_type": "stream", "name": "stderr", "text": note})


def text_of(error: BaseException) -> str:
    """Return an exception's text, even if asking for it raises."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - the class is the student's
        return "(its text could not be read)"


def student_traceback(error: BaseException) -> list[str]:
    """Return the traceback's lines, from the first frame that is the student's own."""
    try:
        extracted = traceback.extract_tb(error.__traceback__)
        frames = [frame for frame in extracted if not any(part in frame.filename for part in NOT_THE_STUDENTS)]
        lines = traceback.format_list(frames[-12:])
        return [line.rstrip("\n") for line in [*lines, *traceback.format_exception_only(error)]]
    except BaseException:  # noqa: BLE001 - as above
        return ["(its traceback could not be read)"]
