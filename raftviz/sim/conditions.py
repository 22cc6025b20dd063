"""Conditions over the world: a small, safe part of Python's expressions.

``leader.term >= 3``, ``candidates >= 1``, ``committed("x=1")``, ``crashed(S1) and not leader``.
A condition is parsed once into a tree of closures. Only what is listed here can be said: there are
no attributes but those of servers, no calls but to these functions, and every size is bounded.
"""

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from raftviz.raft.values import value
from raftviz.sim.condition_words import ATTRIBUTES, FIELDS, FUNCTIONS, NAMES, TOLD, a_host
from raftviz.sim.host import Host
from raftviz.sim.scene import Evaluate, Scene, Value
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.story import Memory

MAX_CONDITION = 500
"""Characters; the longest condition of a lesson is a tenth of it."""

_MAX_NODES = 100


@value
class Condition:
    """A condition, and the text it was read from."""

    text: str
    evaluate: Evaluate

    def holds(self, scene: Scene) -> bool:
        """Whether it is true there. What cannot be compared (nobody's term) is false."""
        return bool(self.evaluate(scene))


_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

_SHORT = re.compile(r"\b(committed|copies)\s+([^\s()\"]+=[^\s()\"]*)")


def parse_condition(text: str, servers: int, line: int = 0, column: int = 0) -> Condition:
    """Read a condition. ``committed x=1`` is short for ``committed("x=1")``.

    Raises ScriptError, with the column counted from ``column``, for what cannot be said.
    """
    if len(text) > MAX_CONDITION:
        raise ScriptError(f"a condition has at most {MAX_CONDITION} characters", line, column)
    spelled_out = _SHORT.sub(r'\1("\2")', text)
    try:
        tree = ast.parse(spelled_out.strip() or "?", mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ScriptError(f"“{text}” is not a condition", line, column) from error
    if sum(1 for _ in ast.walk(tree)) > _MAX_NODES:
        raise ScriptError("the condition is too long", line, column)
    try:
        return Condition(text, _Compiler(servers).compile(tree.body))
    except ScriptError as error:
        raise ScriptError(error.message, line, column) from error


class _Compiler:
    def __init__(self, servers: int) -> None:
        self.servers = servers

    def compile(self, node: ast.expr) -> Evaluate:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ScriptError(f"“{ast.unparse(node)}” cannot stand in a condition")
        compiled: Evaluate = method(node)
        return compiled

    def _boolop(self, node: ast.BoolOp) -> Evaluate:
        parts = [self.compile(value) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda scene: all(part(scene) for part in parts)
        return lambda scene: any(part(scene) for part in parts)

    def _unaryop(self, node: ast.UnaryOp) -> Evaluate:
        operand = self.compile(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda scene: not operand(scene)
        raise ScriptError(f"“{ast.unparse(node)}” cannot stand in a condition")

    def _compare(self, node: ast.Compare) -> Evaluate:
        values = [self.compile(value) for value in (node.left, *node.comparators)]
        relations = [_COMPARE.get(type(op)) for op in node.ops]
        if None in relations:
            raise ScriptError(f"“{ast.unparse(node)}” cannot stand in a condition")
        known = [relation for relation in relations if relation is not None]

        def compare(scene: Scene) -> bool:
            seen = [_comparable(value(scene)) for value in values]
            return all(
                _holds(relation, a, b)
                for relation, a, b in zip(known, seen, seen[1:], strict=False)
            )

        return compare

    def _constant(self, node: ast.Constant) -> Evaluate:
        value = node.value
        if not isinstance(value, bool | int | float | str):
            raise ScriptError(f"“{ast.unparse(node)}” cannot stand in a condition")
        return lambda _: value

    def _name(self, node: ast.Name) -> Evaluate:
        if match := re.fullmatch(r"S(\d{1,6})", node.id):
            number = int(match[1])
            if not 1 <= number <= self.servers:
                raise ScriptError(
                    f"there is no server {node.id}: the cluster has S1 to S{self.servers}"
                )
            return lambda scene: scene.hosts[number]
        if node.id in TOLD:
            memory, tell = Memory(), TOLD[node.id][0]
            return lambda scene: tell(memory.story(scene), scene)
        if node.id not in NAMES:
            raise ScriptError(f"“{node.id}” means nothing here" + did_you_mean(node.id, NAMES))
        return NAMES[node.id][0]

    def _attribute(self, node: ast.Attribute) -> Evaluate:
        if node.attr not in ATTRIBUTES:
            raise ScriptError(
                f"a server has no “{node.attr}”" + did_you_mean(node.attr, ATTRIBUTES)
            )
        owner, read = self.compile(node.value), ATTRIBUTES[node.attr][0]
        field = FIELDS.get(node.attr, node.attr)

        def attribute(scene: Scene) -> Value:
            host = a_host(owner(scene), f"“.{node.attr}”")
            return None if host is None or field in host.unknown else read(host)

        return attribute

    def _call(self, node: ast.Call) -> Evaluate:
        called = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if called not in FUNCTIONS:
            raise ScriptError(f"there is no “{called}(…)”" + did_you_mean(called, FUNCTIONS))
        function = FUNCTIONS[called]
        if len(node.args) != function.arguments or node.keywords:
            things = "one thing" if function.arguments == 1 else f"{function.arguments} things"
            raise ScriptError(f"“{called}” takes {things}, as in {function.meaning}")
        if function.takes:
            word = _word_of(node.args[0], called, function.takes)
            return lambda scene: function.call(scene, word)
        arguments = [self.compile(argument) for argument in node.args]
        if called == "overwritten":
            memory = Memory()
            return lambda scene: function.call(memory.story(scene), arguments[0](scene))
        return lambda scene: function.call(scene, *(argument(scene) for argument in arguments))


def _word_of(node: ast.expr, called: str, known: tuple[str, ...]) -> str:
    """A word that is said with or without quotation marks; with a “-” in it, only with them."""
    word = node.id if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        word = node.value
    if word is None or word not in known:
        said = ast.unparse(node)
        raise ScriptError(f"“{called}” knows no “{said}”" + did_you_mean(said, known))
    return word


def _comparable(value: Value) -> Value:
    return value.id if isinstance(value, Host) else value


def _holds(relation: Callable[[Any, Any], Any], a: Value, b: Value) -> bool:
    try:
        return bool(relation(a, b))
    except TypeError:  # nobody's term is neither more nor less than a number
        return False
