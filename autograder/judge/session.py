"""One submission's process in the sandbox, seen from the judge: its cells, its calls, its limits.

A process that a limit ended is started anew and its cells run again without the offending one, so
that a loop in one exercise costs nothing in the next.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import Frame, WireError
from autograder.callloop.limits import Limits
from autograder.callloop.shared_classes import SharedClasses
from autograder.callloop.together import joined
from autograder.exercises.answers import CallLimitError
from autograder.judge.callbacks import Callbacks
from autograder.judge.cell_run import CellRun, cell_run
from autograder.judge.common_modules import is_common_module
from autograder.judge.errors import CannotCrossError
from autograder.judge.filling import reading
from autograder.judge.history import CELL, OWN_CELL, History
from autograder.judge.kept_values import KeptValues
from autograder.judge.library_objects import library_object
from autograder.judge.outcomes import Gathering, Outcome, raising, told
from autograder.judge.process import StudentProcess, Usage
from autograder.judge.reading_answers import AnswerDecoder
from autograder.judge.surroundings import put_files, surroundings, take_over_random
from autograder.judge.warned import count_warnings
from autograder.judge.write_back import WrittenBack
from autograder.sandbox.fork_server import ForkServer

# What an object is given by these it keeps.
KEEPING, CALLS = ("setattr", "setitem"), ("call", "call_kept")


class Session:
    """The conversation with one submission: its cells, the calls of its functions, its names."""

    def __init__(self, server: ForkServer, limits: Limits, seed: int, *, figures: bool = False) -> None:
        self.limits = limits
        self.process = StudentProcess(
            lambda: server.start(seed, figures=figures),
            lambda gone: server.end(gone=gone),
            limits,
            self._replay,
            self._answer_callback,
        )
        self.unusable: set[str] = set()
        self.make_proxy: Callable[[list[Any]], Any] = lambda node: node
        self.node_of: Callable[[Any], list[Any] | None] = lambda value: None
        self.kind_of: Callable[[str], str] = lambda name: ""
        self.before_call: Callable[[], None] = lambda: None
        self.after_call: Callable[[], None] = lambda: None
        self.names_changed: Callable[[Any], None] = lambda names: None
        self.fetched: Callable[[Any, str, Any], None] = lambda proxy, name, value: None
        self.around: Callable[[], dict[str, Any]] = dict
        self.class_names: frozenset[str] = frozenset()
        self.shares_random = False
        self.keeps_objects = False  # so that what names hold and calls give is one object wherever it crosses
        self.notes: set[str] = set()
        self.written_back = WrittenBack()
        self.files: Mapping[str, bytes] = {}
        self.folder = ""
        self.in_definitions = False
        self.own_text = ""
        self.history = History()
        self._stand_ins: Mapping[str, Any] = {}
        self.begin_exercise = self.process.begin  # starts counting the time of one exercise
        self.callbacks = Callbacks()
        self.classes = SharedClasses()
        self.kept = KeptValues(self)
        self._handles_made = self._depth = 0

    @property
    def usage(self) -> Usage:
        """What the submission has used so far."""
        return self.process.usage

    @property
    def generation(self) -> int:
        """How many processes there were; a handle of an earlier one is worth nothing."""
        return self.process.generation

    def close(self) -> None:
        """End the process."""
        self.process.close()

    def source_of(self, name: str) -> str | None:
        """Return the text that defined a function or class last, of the cells that ran; None if none did."""
        return self.history.source_of(name)

    def _replay(self) -> None:
        """Bring a new process to where the last one was."""
        self.process.request({"op": "stub", "names": sorted(self.unusable)})
        put_files(self.process, self._encoder, self.folder, self.files)
        self.history.replay(self.process, lambda values: self._send_names("set", "values", values))
        if self._stand_ins:
            self._send_names("stand_in", "functions", self._stand_ins)

    def _answer_callback(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        # Between calls a cell could otherwise ask for what the last call was given.
        return self.callbacks.answer(frame, self._decoder, self._encoder(), during_call=bool(self._depth))

    def _encoder(self) -> Encoder:
        made = Encoder(self.limits, self._other_node, classes=self.classes)
        made.gives = library_object
        made.known = self.kept.nodes()
        return made

    def _other_node(self, value: Any) -> list[Any] | None:
        node = self.node_of(value)
        if node is None and isinstance(value, type) and (name := self.classes.class_name_of(value)) is not None:
            return ["class", name]
        if is_common_module(value):
            return ["m", value.__name__]
        return self.callbacks.node(value) if node is None else node

    def note(self, what: str) -> None:
        """Note something that the test did across the boundary, for whoever asks how it was run."""
        self.notes.add(what)

    def _decoder(self, body: bytes, sent: list[Any] | None = None) -> AnswerDecoder:
        def other(node: list[Any]) -> Any:
            if node[0] == "arg" and sent is not None:
                return sent[node[1]]
            if node[0] == "kept":
                return self.kept.held[node[1]]
            if node[0] == "class":
                return self.classes.class_named(node[1])
            if node[0] == "cb":
                return self.callbacks.held[node[1]]
            self._handles_made += 1
            return self.make_proxy(node)

        known = self.limits, body, other, self.classes, self.written_back, self.own_text
        return reading(self.process.recording.filling, *known)

    def run_cell(self, source: str, *, own: bool = False) -> CellRun:
        """Run a cell, the instructor's `own` or another. A cell that a limit ended is left out of every replay."""
        self.begin_exercise()
        try:
            frame = self.process.request_for_cell({"op": "cell", "source": source, "own": own})
        except CallLimitError as stopped:
            self.history.add_stopped(source, own=own, ended=self.process.has_ended_itself)
            return CellRun(error=str(stopped), stopped=True)
        self.history.add(OWN_CELL if own else CELL, source)
        count_warnings(frame.header.get("warnings"), self.usage.warnings)
        return cell_run(frame.header, self.limits)

    def apply(self, operation: str, arguments: list[Any], *, blame: str = "") -> Any:
        """Apply an operation to arguments in the student's process and return its value.

        blame: the function that is not called again if a limit ends the process.
        Raises what the student's code raised, as the nearest built-in exception; CallLimitError
        where a limit ended the call.
        """
        self._begin_call(blame)
        around = self._around()
        if around:
            return self._apply_each(operation, [arguments], blame, around)[0]()
        with self._calling(blame, operation):
            encoder, node = self._encoded(arguments, operation)
            header = {"op": "apply", "operation": operation, "arguments": node}
            frame = self.process.request(header, bytes(encoder.body))
            outcome = self._outcome(operation, frame.header, frame.body, encoder.sent)
        self.after_call()
        return outcome()

    def _around(self) -> dict[str, Any]:
        return {**surroundings(shares_random=self.shares_random), **self.around()}

    def apply_each(self, operation: str, calls: Sequence[list[Any]], *, blame: str = "") -> list[Outcome]:
        """Apply an operation to several lists of arguments in one exchange; return what comes of each.

        Each outcome, asked once, does as `apply` would have done: it returns the value, or raises.
        """
        try:
            self._begin_call(blame)
        except CallLimitError as stopped:
            return [raising(stopped)] * len(calls)
        return self._apply_each(operation, calls, blame, self._around())

    def _apply_each(
        self, operation: str, calls: Sequence[list[Any]], blame: str, around: dict[str, Any]
    ) -> list[Outcome]:
        """Send calls and what they find around them in one frame; that once, before their arguments."""
        sent: list[list[Any]] = []
        gathering = Gathering(
            lambda number, header, body: self._outcome(operation, header, body, sent[number]),
            (lambda node, body: take_over_random(self._decoder(body), node)) if "random" in around else None,
        )
        try:
            with self._calling(blame, operation):
                encoded = [self._encoded(arguments, operation) for arguments in calls]
                sent += [encoder.sent for encoder, _ in encoded]
                gathering.expected = len(sent)
                encoded[:0] = [self._encoded(around)] if around else []
                header, body = joined([(node, bytes(encoder.body)) for encoder, node in encoded], "arguments")
                header |= {"op": "each", "operation": operation, "around": bool(around)}
                self.process.request(header, body, gathering.take)
            self.after_call()
        except CallLimitError as stopped:
            return gathering.outcomes + [raising(stopped)] * (len(calls) - len(gathering.outcomes))
        return gathering.outcomes

    def _begin_call(self, blame: str) -> None:
        if blame in self.unusable:
            msg = f"{blame} is not called again: a limit ended it before"
            raise CallLimitError(msg)
        self.before_call()

    def _encoded(self, arguments: Any, operation: str = "") -> tuple[Encoder, Any]:
        encoder = self._encoder()
        try:
            return encoder, encoder.call(*arguments) if operation in CALLS else encoder.with_known(arguments)
        except WireError as error:
            msg = f"an argument can't be passed to the student's function: {error}"
            raise CannotCrossError(msg) from None

    @contextlib.contextmanager
    def _calling(self, blame: str, operation: str) -> Iterator[None]:
        """Let functions of the grader be called back in this block; remember who made a limit end it."""
        since, handles = self.callbacks.next, self._handles_made
        self._depth += 1
        try:
            with self.written_back.calling(blame):
                yield
            self.callbacks.raise_refusal()
        except CallLimitError:
            if blame:
                self.unusable.add(blame)
            raise
        finally:
            self._depth -= 1
            self.process.note_call()
            # What a function passed on to nobody is not called after it; an object or a closure may keep it.
            is_kept = operation in KEEPING or self._stand_ins or handles != self._handles_made
            if not self._depth and blame and not is_kept:
                self.callbacks.forget(since, passed_to=blame)

    def _outcome(self, operation: str, answer: Any, body: bytes, sent: list[Any]) -> Outcome:
        """Read one answer, and return what tells of it: warnings, what was printed, changed arguments, the value."""
        try:
            if "asked" in answer and not self.process.recording.plays:
                self.callbacks.catch_up(answer["asked"])
            sent = self.written_back.place(sent, answer.get("changed"))
            decoder = self._decoder(body, sent)
            value = decoder.decode(answer.get("value"))
            changes = [(sent[pair[0]], decoder.decode(pair[1])) for pair in answer.get("changed", [])]
            changes += self.kept.read(answer, decoder, sent)
        except (WireError, LookupError, TypeError, ValueError, AttributeError) as error:
            return raising(ValueError(f"the answer can't be used: {error}"))
        return self.kept.after(told(
            answer, value, changes, self.usage.warnings, self.make_proxy, ends_iteration=operation == "next",
            shared=self.classes.shared, names_changed=self.names_changed,
        ))  # fmt: skip

    def forget_name(self, name: str) -> Any:
        """Take a name from the student's side; return a proxy for what it held."""
        frame = self.process.request({"op": "forget", "name": name})
        return self._decoder(frame.body).decode(frame.header.get("value"))

    def bind(self, name: str, value: Any) -> None:
        """Bind a name on the student's side to a function of the test's, or to what a proxy stands for."""
        self._send_names("set", "values", {name: value})

    def set_names(self, values: dict[str, Any]) -> None:
        """Bind names on the student's side; those that can't cross are left out."""
        sendable = {name: value for name, value in values.items() if self.content(value) is not None}
        if sendable:
            self.history.add("set", sendable)
            with contextlib.suppress(CallLimitError):
                self._send_names("set", "values", sendable)

    def share(self, names: list[str]) -> None:
        """Let objects of these classes cross as what they hold; see SharedClasses."""
        self.classes.share(names)
        self.history.add("share", names)
        with contextlib.suppress(CallLimitError):
            self.process.request({"op": "share", "names": names})

    def stand_in(self, functions: Mapping[str, Any]) -> None:
        """Let the grader's functions stand in the student's place until called with none."""
        self._stand_ins = dict(functions)
        self._send_names("stand_in", "functions", self._stand_ins)

    def _send_names(self, operation: str, key: str, values: Mapping[str, Any]) -> None:
        encoder = self._encoder()
        node = encoder.encode(dict(values))
        self.process.request({"op": operation, key: node}, bytes(encoder.body))

    def content(self, value: Any) -> tuple[str, bytes] | None:
        """Return what a value of plain data holds, in a form that can be compared; None for any other."""
        encoder = Encoder(self.limits, lambda _: None, classes=self.classes)
        encoder.sends = False
        try:
            return repr(encoder.encode(value)), bytes(encoder.body)
        except (WireError, RecursionError):
            return None
