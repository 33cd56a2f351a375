"""Small changes of a formula: a sign, an operator, a constant, an index, a factor or term less."""

import ast
import copy
import re

DRAWN = re.compile(r"(rng|draw)\.\w+|np\.random\.default_rng|init_params")  # data, no formula
TURNED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def mutants(tree):
    """Yield copies of a piece of code, each with one small change, and what the change is."""
    nodes = list(formula_nodes(tree))
    for node in nodes:
        before = ast.unparse(node)
        for after, changed in {ast.unparse(changed): changed for changed in changes(node)}.items():
            if after != before:
                yield f"{before} → {after}", copy.deepcopy(tree, memo={id(node): changed})


def formula_nodes(tree):
    """Yield the nodes of a tree, but nothing within a call that draws random numbers."""
    if isinstance(tree, ast.Call) and DRAWN.fullmatch(ast.unparse(tree.func)):
        return
    yield tree
    if isinstance(tree, ast.keyword) and tree.arg == "axis":
        return
    for child in ast.iter_child_nodes(tree):
        yield from formula_nodes(child)


def changes(node):
    """Return what a node, without what is below it, can be changed to."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return [ast.BinOp(right, ast.MatMult(), left)]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in TURNED:
            less = [left] if isinstance(op, ast.Pow) else [left, _alone(op, right)]
            return [ast.BinOp(left, TURNED[type(op)](), right), *less]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [operand]
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in TURNED:
            return [ast.Compare(left, [TURNED[type(op)]()], right)]
        case ast.Constant(value=bool()):
            return []
        case ast.Constant(value=int() | float() as number):
            return [ast.Constant(number + 1 if isinstance(number, int) else 1.5 * number or 1.0)]
        case ast.Attribute(value=value, attr="T"):
            return [value]
        case ast.Subscript(value=value, slice=index, ctx=ast.Load()):
            return [ast.Subscript(value, shifted, ast.Load()) for shifted in _shifted(index)]
        case ast.Call(func=ast.Name(id="range") as function, args=[*rest, stop]):
            return [ast.Call(function, [*rest, ast.BinOp(stop, ast.Sub(), ast.Constant(1))], [])]
        case ast.keyword(arg="axis", value=ast.Constant(value=int() as axis)):
            return [ast.keyword("axis", ast.Constant(1 - axis))]
        case _:
            return []


def _alone(op, right):
    """Return what is left of an operation without its left operand."""
    if isinstance(op, ast.Sub):
        return ast.UnaryOp(ast.USub(), right)
    if isinstance(op, ast.Div):
        return ast.BinOp(ast.Constant(1), ast.Div(), right)
    return right


def _shifted(index):
    """Yield an index with a name in it one lower, or with two names in exchange."""
    if isinstance(index, ast.Name):
        yield ast.BinOp(index, ast.Sub(), ast.Constant(1))
    if isinstance(index, ast.Tuple):
        for place, element in enumerate(index.elts):
            for shifted in _shifted(element):
                yield ast.Tuple(
                    [*index.elts[:place], shifted, *index.elts[place + 1 :]], ast.Load()
                )
        match index.elts:
            case [ast.Name() as first, ast.Name() as second]:
                yield ast.Tuple([second, first], ast.Load())
