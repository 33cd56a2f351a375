"""The checks of a notebook, run alone: the statements that they need, and no others."""

import ast
import contextlib
import copy
import io
import re
import symtable
import warnings
from typing import NamedTuple

import numpy as np

from tests.notebooks.mutants import mutants
from tests.notebooks.reading import code_cells

SAYS = re.compile(r"holds|print|show|check|draw_\w+")  # what changes none of its arguments


class Definition(NamedTuple):
    """An expression, or a function, and the names that its value goes into."""

    node: ast.AST
    names: set
    used: set


def used_and_set(node):
    """Return the global names that a piece of code uses, and those that it sets."""
    module = symtable.symtable(ast.unparse(node), "", "exec")
    used, names = set(), set()
    tables = [module]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        symbols = [one for one in table.get_symbols() if table is module or one.is_global()]
        used |= {one.get_name() for one in symbols if one.is_referenced()}
        names |= {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
    for part in () if isinstance(node, ast.FunctionDef) else ast.walk(node):
        match part:
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                names.add(_root(part))
            case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):  # values.append(1)
                names.add(_root(method))
            case ast.Expr(value=ast.Call(func=function, args=args)):  # sgd(params, grads, lr)
                changed = [] if SAYS.fullmatch(ast.unparse(function)) else args
                names |= {arg.id for arg in changed if isinstance(arg, ast.Name)}
    if isinstance(node, ast.For):
        used -= used_and_set(node.target)[0]
    return used, names


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return ast.unparse(node)


def definitions(statement):
    """Return the definitions that a statement consists of."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            pairs = zip(names, values, strict=True)
            singly = [ast.Assign([name], value, lineno=0) for name, value in pairs]
            return [found for part in singly for found in definitions(part)]
        case ast.For(target=target, iter=values, body=body):
            loop = Definition(values, used_and_set(target)[0], used_and_set(values)[0])
            return [loop, *(found for part in body for found in definitions(part))]
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.Expr(value=value):
            used, names = used_and_set(statement)
            return [Definition(value, names, used)]
        case _:
            used, names = used_and_set(statement)
            return [Definition(statement, names, used)]


def is_check(statement):
    """Tell whether a statement is a call of holds."""
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("holds(")


class CheckedCells:
    """A notebook's statements that its checks need, cell by cell."""

    def __init__(self, notebook):
        cells = [ast.parse(cell.source).body for cell in code_cells(notebook)]
        self.globals_of = {}
        for function in (part for cell in cells for part in cell):
            if isinstance(function, ast.FunctionDef):
                used, _ = used_and_set(function)
                self.globals_of.setdefault(function.name, set()).update(used)
        self.cells, needed = [], set()
        for cell in reversed(cells):
            kept = []
            for statement in reversed(cell):
                used, names = used_and_set(statement)
                if not (is_check(statement) or names & needed):
                    continue
                kept.insert(0, statement)
                if isinstance(statement, ast.Assign | ast.FunctionDef) and not used & names:
                    needed -= names
                needed |= self.reached(used)
            self.cells.insert(0, kept)

    def reached(self, names, within=()):
        """Return names, and all that is used where they are defined or called."""
        names = set(names)
        while True:
            more = set().union(*(self.globals_of.get(name, set()) for name in names))
            more = more.union(*(found.used for found in within if found.names & names))
            if more <= names:
                return names
            names |= more

    def sides_and_definitions(self, cell, check):
        """Return the two sides of a check and what its cell defines for one of them alone."""
        before = [found for part in cell[: cell.index(check)] for found in definitions(part)]
        _, left, right, *_ = check.value.args
        on_left, on_right = (self.reached(used_and_set(side)[0], before) for side in (left, right))
        one_sided = on_left ^ on_right
        alone = [
            found
            for found in before
            if found.names & one_sided and not found.names & on_left & on_right
        ]
        return [left, right], [found.node for found in alone]


class Run:
    """The namespace of a notebook, as its statements are run."""

    def __init__(self):
        self.namespace = {}

    def run(self, *statements):
        code = compile(ast.fix_missing_locations(ast.Module(list(statements), [])), "", "exec")
        with (
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            exec(code, self.namespace)

    def notices(self, *statements):
        try:
            self.run(*statements)
        except Exception:
            return True
        return False

    @contextlib.contextmanager
    def undone(self):
        """Take back, at the end, what was set and drawn within."""
        before = dict(self.namespace)
        states = [
            (value.bit_generator, value.bit_generator.state)
            for value in before.values()
            if isinstance(value, np.random.Generator)
        ]
        yield
        self.namespace.clear()
        self.namespace.update(before)
        for generator, state in states:
            generator.state = state


def with_changed(node, changed, statements):
    """Return copies of statements, with one node changed."""
    return copy.deepcopy(statements, memo={id(node): changed})


def mutated(notebook):
    """Yield for each change of a notebook's checks: its tag, what is changed, is it noticed."""
    checked, run = CheckedCells(notebook), Run()
    for cell in checked.cells:
        if not any(map(is_check, cell)):
            run.run(*cell)
            continue
        done = set()
        with run.undone():
            for statement in cell:
                run.run(statement)
                if not is_check(statement):
                    continue
                tag = ast.literal_eval(statement.value.args[0])
                sides, _ = checked.sides_and_definitions(cell, statement)
                for side in sides:
                    for what, changed in mutants(side):
                        yield tag, what, run.notices(*with_changed(side, changed, [statement]))
        for statement in filter(is_check, cell):
            tag = ast.literal_eval(statement.value.args[0])
            for node in checked.sides_and_definitions(cell, statement)[1]:
                if id(node) in done:
                    continue
                done.add(id(node))
                for what, changed in mutants(node):
                    with run.undone():
                        noticed = run.notices(*with_changed(node, changed, cell))
                    yield tag, what, noticed
        run.run(*cell)
