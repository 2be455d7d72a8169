"""The call loop: runs a student's cells, and calls what they defined when the other side asks.

Everything in this process is the student's once their first cell has run. What is sent from here is
an answer and no more.
"""

import importlib
import threading
import types
from typing import Any

from .changes import Arguments, arguments_of
from .decoder import Decoder
from .descriptions import (
    as_exception,
    described,
    description,
    error_description,
    number_in,
    refusal,
    told_of_error,
)
from .encoder import Encoder
from .figures import close_left
from .foreseen import Foreseen
from .frames import Channel, Frame, WireError
from .kept import ASKED, Kept
from .limits import Limits
from .lone_arrays import lone_array, read_array
from .names import Names
from .operations import OPERATIONS
from .outputs import text_of
from .own_builtins import end_tracing
from .passed_in import MADE_OF_TEXT, PassedWriter, function_for, iterator_for, nothing_known
from .shared_classes import SharedClasses
from .shared_data import SharedData
from .shell import StudentShell
from .stand_ins import StandIns
from .surroundings import random_numbers, surroundings
from .together import Answers, parted
from .watching import watched

MOST_HANDLES = 10_000


class Loop:
    """One submission's call loop."""

    def __init__(self, channel: Channel, limits: Limits, shell: StudentShell) -> None:
        self.channel = channel
        self.limits = limits
        self.shell = shell
        self.handles: list[Any] = []
        self.handle_of: dict[int, int] = {}
        self.callbacks: dict[int, int] = {}
        self.functions: dict[int, Any] = {}
        self.foreseen = Foreseen()
        self.names = Names(shell)
        self.classes = SharedClasses(self._class_by, 1)
        self.kept = Kept()
        self.shared = SharedData(shell.user_ns, limits, self.classes)
        self.stand_ins = StandIns(shell.user_ns)
        self.builtins = shell.builtins
        self.calling, self.request = False, 0
        self.answers = Answers(channel.send, refusal)
        self.thread = threading.get_ident()

    # --- values -------------------------------------------------------------------------------

    def encoder(self, known: dict[int, list[Any]] | None = None) -> Encoder:
        """Return an encoder that turns what is not plain data into handles."""
        return Encoder(self.limits, self._other_node, known, self.classes)

    def _class_by(self, module: str, name: str) -> Any:
        if module == "__main__":
            return self.shell.user_ns.get(name)
        return getattr(importlib.import_module(module), name, None)

    def _other_node(self, value: Any) -> list[Any] | None:
        if isinstance(value, type) and (name := self.classes.class_name_of(value)) is not None:
            return ["class", name]
        if isinstance(value, types.ModuleType):
            return ["m", str(getattr(value, "__name__", ""))]
        if id(value) in self.callbacks:
            return ["cb", self.callbacks[id(value)]]
        number = self.handle_of.get(id(value))
        if number is None:
            if len(self.handles) >= MOST_HANDLES:
                return None
            number = self.handle_of[id(value)] = len(self.handles)
            self.handles.append(value)
        return ["h", number, description(value)]

    def decoder(self, body: bytes) -> Decoder:
        """Return a decoder that knows handles, names and callbacks."""
        made = Decoder(self.limits, body, self._other_value, self.shell.user_ns.get, self.classes)
        made.trusts = True
        return made

    def _other_value(self, node: list[Any]) -> Any:
        if node[0] == "h":
            return self.handles[node[1]]
        if node[0] == "name":
            try:
                return self.shell.user_ns[node[1]]
            except KeyError:
                msg = f"name {node[1]!r} is not defined"
                raise WireError(msg) from None
        if node[0] in ("cb", "it", "w", "ob"):
            return self._passed(node)
        if node[0] in MADE_OF_TEXT:
            return MADE_OF_TEXT[node[0]](*node[1:])
        if node[0] == "kept":
            return self.kept.held[node[1]]
        if node[0] == "class":
            return self.classes.class_named(node[1])
        msg = f"unknown node {node[0]!r}"
        raise WireError(msg)

    def _passed(self, node: list[Any]) -> Any:
        """Return what stands for a function or an iterator of the test's; the same whenever it is passed in."""
        number = node[1]
        if number not in self.functions:
            makers: dict[str, Any] = {"cb": function_for, "it": iterator_for, "w": PassedWriter, "ob": nothing_known}
            foreseen = node.pop() if node[0] == "cb" else None
            if foreseen is not None:
                self.foreseen.learn(number, *foreseen)
            made = makers[node[0]](self._ask, *node[1:])
            self.callbacks[id(made)] = number
            self.functions[number] = made
        return self.functions[number]

    def _ask(self, number: int, method: str, positional: list[Any], named: dict[str, Any]) -> Any:
        """Have a function of the test's called, or a method of an object, and return what it gives."""
        if not self.calling or threading.get_ident() != self.thread:
            msg = "a function of the grader can be called only during a call from its test"
            raise RuntimeError(msg)
        self.builtins.leave()
        try:
            foreseen = self.foreseen.value(number, positional, named)
            return self._asked(number, method, positional, named) if foreseen is None else foreseen
        finally:
            self.builtins.enter()

    def _asked(self, number: int, method: str, positional: list[Any], named: dict[str, Any]) -> Any:
        lone = lone_array(positional[0]) if len(positional) == 1 and not named else None
        asked: dict[str, Any]
        if lone is not None:
            asked, body = {"array": lone[0]}, lone[1]
        else:
            encoder = self.encoder()
            asked, body = {"arguments": encoder.encode([positional, named])}, bytes(encoder.body)
        self.answers.flush()
        asked |= {"callback": number, "method": method, "n": self.request, **self.foreseen.asked()}
        self.channel.send(asked, body)
        reply = self._awaited_value()
        if "error" in reply.header:
            raise as_exception(reply.header["error"], self.classes.shared)
        if "array" in reply.header:
            return read_array(reply.header["array"], reply.body, self.limits)[()]
        return self.decoder(reply.body).decode(reply.header["value"])

    def _awaited_value(self) -> Frame:
        """Return the answer to a callback; until it is there, answer what the grader's function asks."""
        request, outputs, answers = self.request, self.shell.outputs, self.answers
        while True:
            frame = self.channel.receive()
            if "op" not in frame.header:
                self.request, self.shell.outputs, self.calling = request, outputs, True
                self.answers = answers
                return frame
            self.respond(frame)

    # --- operations ---------------------------------------------------------------------------

    def respond(self, frame: Frame) -> None:
        """Do what a request asks for and send the answer, under the request's number."""
        self.request = number = frame.header.get("n", 0)
        if "begins" in frame.header:
            close_left()
        self.answers = Answers(lambda header, body: self.channel.send({**header, "n": number}, body), refusal)
        if frame.header["op"] == "each":
            self.apply_each(frame)
            return
        header, body = self._answer(frame)
        try:
            self.channel.send({**header, "n": number}, body)
        except WireError as error:
            self.channel.send({**refusal(error), "n": number})

    def _answer(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        operation = frame.header["op"]
        if operation == "apply":
            return self.apply(frame.header["operation"], frame.header["arguments"], frame.body)
        if operation == "cell":
            return self.run_cell(frame.header), b""
        if operation in ("set", "stand_in"):
            return (self.set_names if operation == "set" else self.stand_in)(frame), b""
        if operation == "share":
            self.classes.share(frame.header["names"])
            return {"done": True}, b""
        if operation == "forget":
            return self.forget(frame.header)
        return self.set_stubs(frame.header), b""

    def run_cell(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; answer with its outputs, its error, and the names that it bound."""
        self.shell.init_outputs(self.limits.output_characters, request["source"])
        with watched(self.shell) as caught:
            result = self.shell.run_cell(request["source"], store_history=False)  # type: ignore[no-untyped-call]
        end_tracing()
        error = result.error_before_exec or result.error_in_exec
        self.stand_ins.keep_stopped()
        names = self.names.changed()
        return {
            "error": error_description(error, self.limits.error_characters) if error is not None else None,
            "outputs": self.shell.outputs.kept,
            "names": self.shared.keep(names) if request.get("own") else names + self.shared.changed_by_cell(),
            "warnings": caught,
            "value": number_in(result.result),
        }

    def apply_each(self, frame: Frame) -> None:
        """Apply one operation to several lists of arguments, and send the answers as they come.

        What the calls find around them, where the test has set it, comes before their arguments; what random
        numbers have become is sent after their answers.
        """
        answers, parts = self.answers, parted(frame, "arguments")
        found: dict[str, Any] = {}
        if frame.header.get("around"):
            node, body = next(parts)
            found = self.decoder(body).decode(node)
        with surroundings(found, self.shell.user_ns):
            for node, body in parts:
                answers.add(*self.apply(frame.header["operation"], node, body))
            if "random" in found:
                answers.add(*random_numbers(self.encoder()))
        answers.flush()

    def apply(self, operation: str, node: Any, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Apply one operation to arguments; answer with its value or error, and what it changed."""
        self.shell.init_outputs(self.limits.output_characters)
        decoder = self.decoder(body)
        received = Arguments(decoder)
        caught: list[list[str]] = []
        outcome: dict[str, Any] = {}
        value: Any = None
        try:
            arguments = arguments_of(decoder, node)
            received.look()
            self.calling = True
            with watched(self.shell) as caught, self.builtins:
                value = (self.kept.refill if operation == "refill_kept" else OPERATIONS[operation])(*arguments)
        except BaseException as error:  # noqa: BLE001 - whatever a student's code raises is its answer
            told, value = told_of_error(error, self.limits.error_characters, self._other_node)
            outcome = {"error": told}
        finally:
            end_tracing()
            self.calling = False
        encoder = self.encoder(self.kept.nodes() | {id(one): ["arg", key] for key, one in decoder.received.items()})
        try:
            outcome["value"] = encoder.encode(value)
            asked = operation in ASKED and bool(encoder.sent) and encoder.sent[0] is value
            outcome["changed"] = received.changed(encoder)
            value = None
            outcome |= self.kept.told(encoder, decoder.received, received.counts, asked=asked)
        except Exception as error:  # noqa: BLE001 - a value may be of any class, and fail in any way
            outcome = {"error": described("ValueError", f"the result can't be used: {text_of(error)[:200]}")}
            encoder.body = bytearray()
        beside = {"warnings": caught, **self.shell.outputs.told(), "names": self.shared.changed_by_call()}
        return {**outcome, **beside, **self.foreseen.asked()}, bytes(encoder.body)

    def set_names(self, frame: Frame) -> dict[str, Any]:
        """Bind names, as an instructor's cell would."""
        values = self.decoder(frame.body).decode(frame.header["values"])
        self.shell.user_ns.update(values)
        self.names.know(values)
        self.shared.forget(values)
        return {"done": True}

    def forget(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Take a name away; answer with what it held."""
        value = self.shell.user_ns.pop(request["name"], None)
        self.names.forget(request["name"])
        try:
            return {"value": self._other_node(value)}, b""
        except Exception:  # noqa: BLE001 - the object's class is the student's
            return {"value": None}, b""

    def stand_in(self, frame: Frame) -> dict[str, Any]:
        """Put the grader's functions in the place of the student's, or put the student's back."""
        self.stand_ins.put_back()
        self.stand_ins.put(self.decoder(frame.body).decode(frame.header["functions"]))
        return {"done": True}

    def set_stubs(self, request: dict[str, Any]) -> dict[str, Any]:
        """Remember functions that are not to be called again."""
        self.stand_ins.stop(request["names"])
        return {"done": True}
