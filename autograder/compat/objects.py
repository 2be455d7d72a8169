"""What a test does with objects of classes, read off its text."""

import ast
import re
from collections.abc import Iterator
from unittest.mock import MagicMock

from autograder.compat.context import Context, Detector, calls, stop
from autograder.compat.findings import Finding
from autograder.notebook.test_classes import classes_given, decides, students_in_part

MOCKS = frozenset(("Mock", "MagicMock", "mock.Mock", "mock.MagicMock", "unittest.mock.Mock", "unittest.mock.MagicMock"))
WHERE = (
    "at the top level of the test's visible part, with all that decides left to the test, "
    "or in a cell of the notebook that is no test"
)
OF_A_MOCK = frozenset(dir(MagicMock())) | {"assert_called_once_with", "assert_called_with", "assert_any_call"}


def made_of(tree: ast.Module, classes: frozenset[str]) -> set[str]:
    """Return the names that hold an object of one of these classes."""
    made = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if ast.unparse(node.value.func) in classes:
            made |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return made


def is_made_of(node: ast.AST, classes: frozenset[str], made: set[str]) -> bool:
    """Tell whether an expression is an object of one of these classes. made: names that hold one."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in classes
    if isinstance(node, ast.List | ast.Tuple):
        return any(is_made_of(part, classes, made) for part in node.elts)
    return isinstance(node, ast.Name) and node.id in made


def reckons(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find arithmetic with plain data on what arithmetic with the student's objects gave."""
    made = made_of(tree, context.classes)

    def is_made(node: ast.AST) -> bool:
        return is_made_of(node, context.classes, made)

    def reckoned(node: ast.AST) -> bool:
        if isinstance(node, ast.UnaryOp):
            return is_made(node.operand) or reckoned(node.operand)
        return isinstance(node, ast.BinOp) and any(is_made(one) or reckoned(one) for one in (node.left, node.right))

    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            sides = node.left, node.right
            if any(isinstance(one, ast.Constant) for one in sides) and any(reckoned(one) for one in sides):
                told = f"reckons with plain data on what the student's operator gave: {ast.unparse(node)[:60]}"
                yield stop(told, context, "make the object in the middle with its class")
                return


def derived(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a class of the test's that is a student's in part."""
    asked, given = context.classes | context.asked, classes_given(context.source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {ast.unparse(base) for base in node.bases} & asked
        others = students_in_part(node, asked, context.classes) - bases
        told = f"derives a class from the student's {', '.join(sorted(bases))}" if bases else ""
        told = told or (f"makes a class with the student's {', '.join(sorted(others))}" if others else "")
        if told and node.name in given.keys() - context.own_classes and not decides(node):
            yield Finding(f"{told}, which lives on their side")
        elif told:
            yield stop(told, context, f"derive it {WHERE}")


def own_objects(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find an object of a test's own class that the student's code is given."""
    made = made_of(tree, context.own_classes)
    for name, node in calls(tree):
        if name.partition(".")[0] in context.asked | context.classes:
            given = [*node.args, *(key.value for key in node.keywords)]
            if any(is_made_of(one, context.own_classes, made) for one in given):
                told = f"passes an object of a class of its own to the student's {name}"
                yield stop(told, context, f"define the class {WHERE}")
                return


def mocks(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a mock that the student's code is given, and of which the test looks at more than its calls."""
    made = made_of(tree, MOCKS)
    for name, node in calls(tree):
        if name.partition(".")[0] not in context.asked | context.classes:
            continue
        given = {one.id for one in (*node.args, *(key.value for key in node.keywords)) if isinstance(one, ast.Name)}
        parts = {
            part.value.id for part in ast.walk(tree)
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.attr not in OF_A_MOCK
        }  # fmt: skip
        if given & made & parts:
            told = f"passes a mock to the student's {name}, and looks at what it is beside a function"
            yield stop(told, context, "pass functions, or an object of a class of a cell that is no test")
            return


def class_state(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a look at what only the students' code changes of an instructor's class."""
    looked = {
        f"{node.value.id}.{node.attr}" for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    } & context.class_state  # fmt: skip
    if looked:
        told = f"looks at {', '.join(sorted(looked))}, which the student's code changes on its own side"
        yield stop(told, context, "change it in a method of the instructor's class")


def compared(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a comparison of an object of the student's class with plain data."""
    made = made_of(tree, context.classes)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn):
            continue
        sides = [node.left, *node.comparators]
        plain = [one for one in sides if isinstance(one, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set)]
        plain = [one for one in plain if not (isinstance(one, ast.Constant) and one.value is None)]
        # A list of such objects is compared object by object.
        plain = [one for one in plain if not is_made_of(one, context.classes, made)]
        if plain and any(is_made_of(one, context.classes, made) for one in sides):
            told = f"compares an object of the student's class with plain data: {ast.unparse(node)[:60]}"
            yield stop(told, context, "compare its attributes, or two objects of the class")
            return


def parts_changed(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find an array that a student's function gave, which a test changes before it looks at what it was made of."""
    if not re.search(r"\bnp\.|\bnumpy\b", context.source):
        return
    nodes = list(ast.walk(tree))
    changed = [node for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    for made in (node for node in nodes if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
        assert isinstance(made.value, ast.Call)
        function, held = ast.unparse(made.value.func), {ast.unparse(one) for one in made.targets}
        given = {one.id for one in made.value.args if isinstance(one, ast.Name)}
        lines = [one.lineno for one in changed if ast.unparse(one.value) in held and one.lineno > made.lineno]
        after = {one.id for one in nodes if lines and isinstance(one, ast.Name) and one.lineno > lines[0]}
        if function in context.asked and given & after:
            yield Finding(f"changes what {function} gave and looks at its argument: a part of an array is a copy here")
            return


OF_OBJECTS: tuple[Detector, ...] = (reckons, derived, own_objects, mocks, class_state, compared, parts_changed)
