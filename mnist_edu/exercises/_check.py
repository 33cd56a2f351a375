"""What all exercises share: calling a student's function safely, and saying one thing about it."""

import contextlib
import copy
import dis
import io
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np


class Slip(Exception):
    """What a student is told; it ends the check."""


class Exercise(NamedTuple):
    """How an exercise is checked.

    Attributes
    ----------
    hints : generator function of the answer
        Yields a hint for each thing that is wrong, the most telling first; only the first is shown.
    wants_function : bool
        Else the answer is a value.
    none_is_an_answer : bool
        Else a function that returns None has no `return`.
    """

    hints: Callable[..., Iterator[str]]
    wants_function: bool
    none_is_an_answer: bool


EXERCISES: dict[str, Exercise] = {}  # by number; filled by the modules beside this one


def exercise(number: str, wants_function: bool = True, none_is_an_answer: bool = False) -> Callable:
    """Enter a function of hints in EXERCISES."""

    def enter(hints: Callable) -> Callable:
        EXERCISES[number] = Exercise(hints, wants_function, none_is_an_answer)
        return hints

    return enter


def check(number: str, answer: Any) -> None:
    """Print how an answer to an exercise stands: not answered yet, right, or one hint.

    Nothing is raised, whatever the answer does, nor if an endless loop in it is interrupted; its
    arguments are copies. What it prints is shown once, however often it is called.

    Parameters
    ----------
    number : str
        Of the exercise, such as "2.6".
    answer : function, or value
        What the exercise asks for.

    Examples
    --------
    >>> def softmax_rows(Z):
    ...     return np.exp(Z)
    >>> check("2.6", softmax_rows)
    2.6: The rows do not sum to 1. Divide by the sum of each row.
    """
    print(f"{number}: {verdict(number, answer)}")


def verdict(number: str, answer: Any) -> str:
    """Return what `check` prints, without the number."""
    if str(number) not in EXERCISES:
        return f"There is no such exercise. There are {', '.join(EXERCISES)}."
    if answer is None or _is_stub(answer):
        return "not answered yet."
    hints, wants_function, none_is_an_answer = EXERCISES[str(number)]
    if callable(answer) != wants_function:
        wanted = "a function" if wants_function else "a value"
        return f"The answer is a {type(answer).__name__}; expected {wanted}."
    try:
        with np.errstate(all="ignore"):
            given = _Guarded(answer, none_is_an_answer) if wants_function else answer
            hint = next(hints(given), None)
    except Slip as slip:
        hint = str(slip)
    except Exception as error:
        hint = f"The answer cannot be checked ({_named(error)})."
    return "right." if hint is None else hint


def same(left: object, right: object, tolerance: float = 1e-6) -> bool:
    """Say whether two arrays, or numbers, have one shape and nearly equal entries."""
    left, right = np.asarray(left), np.asarray(right)
    return left.shape == right.shape and np.allclose(left, right, rtol=tolerance, atol=tolerance)


def expect_same(got: object, right: object, hint: str) -> Iterator[str]:
    """Yield a hint if got has not the shape of right; the given one, if its numbers differ.

    A result is held to the accuracy of its type, float32 or float64. One that is right but for a
    little gets a hint of its own, so that the given one may name a larger slip.
    """
    got, right = np.asarray(got), np.asarray(right)
    yield from _expect_shape(got, right.shape)
    off, size = np.abs(np.subtract(got, right, dtype=float)).max(), np.abs(right).max()
    if off <= (1e-5 if got.dtype == np.float32 else 1e-9) * max(size, 1):
        return
    if off <= max(1e-3 * size, 1e-5):
        yield f"It is off by {off:.0e}: is something rounded, cut off or added, or kept in float32?"
    yield hint


def expect_for_shapes(
    f: Callable, right: Callable, shapes: Sequence[tuple[int, ...]], whole: bool = True
) -> Iterator[str]:
    """Yield a hint if f fails for larger arrays, for axes of length 1, or for whole numbers.

    Parameters
    ----------
    f, right : functions of float arrays
    shapes : of the larger arrays
    whole : bool
        Try whole numbers, for one argument at a time.
    """
    rng = np.random.default_rng(0)
    large = [rng.normal(size=shape) for shape in shapes]
    hint = f"It goes wrong for larger arrays, of shape {' and '.join(map(str, shapes))}."
    yield from expect_same(f(*large), right(*large), hint)
    single = [rng.normal(size=len(shape) * (1,)) for shape in shapes]
    yield from expect_same(f(*single), right(*single), "It goes wrong where all lengths are 1.")
    for k, array in enumerate(large if whole else ()):
        args = [*large[:k], np.rint(3 * array).astype(int), *large[k + 1 :]]
        hint = "Given whole numbers it goes wrong: do its results get the type of an argument?"
        yield from expect_same(f(*args), right(*args), hint)


def example(name: str, x: np.ndarray, got: np.ndarray, right: np.ndarray) -> str:
    """Say at which x got differs most from right, entry by entry."""
    off = np.abs(np.subtract(got, right, dtype=float))
    k = np.nan_to_num(off, nan=np.inf).argmax()
    place, mine, wanted = x.flat[k], got.flat[k], right.flat[k]
    return f"Where {name} is {place:.4g} it gives {mine:.4g}; expected {wanted:.4g}."


def written(f: Any) -> set[str]:
    """Return the instructions, names and operators of a guarded function's code."""
    codes = [f._function.__code__] if isinstance(f._function, FunctionType) else []
    for code in codes:  # grows by the functions within
        codes += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
    steps = [step for code in codes for step in dis.get_instructions(code)]
    return {word for step in steps for word in (step.opname, str(step.argval), step.argrepr)}


def expect(got: object, shape: tuple[int, ...], or_list: bool = False) -> Iterator[str]:
    """Yield a hint if got is not an array of finite numbers of this shape; () is a number."""
    if shape and not isinstance(got, (np.ndarray, list, tuple) if or_list else np.ndarray):
        yield f"It returns a {type(got).__name__}; expected an array of shape {shape}."
    yield from _expect_shape(got, shape)
    if not np.isfinite(np.asarray(got)).all():
        yield "It returns NaN or infinity where a finite number is expected."


def _expect_shape(got: object, shape: tuple[int, ...]) -> Iterator[str]:
    """Yield a hint if got, an array or lists, does not hold numbers, or has another shape."""
    array = np.asarray(got)
    if array.dtype.kind not in "fiu":
        yield f"It returns {type(got).__name__} {got!r:.50}; expected numbers."
    elif array.shape != shape:
        wanted = f"expected {shape}" if shape else "expected a single number"
        yield f"What it returns has shape {array.shape}; {wanted}."


class _Guarded:
    """A student's function, given copies; what goes wrong in it becomes a Slip.

    What it prints is shown in its first call only.
    """

    def __init__(self, function: Callable, none_is_an_answer: bool):
        self._function = function
        self._none_is_an_answer = none_is_an_answer
        self._called = False

    def __call__(self, *args):
        given = copy.deepcopy(args)
        unseen = contextlib.redirect_stdout(io.StringIO())
        try:
            with unseen if self._called else contextlib.nullcontext():
                result = self._function(*given)
        except BaseException as error:  # exit() too, and the interrupt of an endless loop
            raise Slip(_what_happened(self._function, error)) from None
        if result is None and not self._none_is_an_answer:
            if self._called:
                raise Slip("It returns None, but not each time: which branch has no `return`?")
            raise Slip("It returns None: is there a `return`?")
        self._called = True
        if not _unchanged(args, given):
            raise Slip("It changes its argument. Make a new array: `z = z - 1`, not `z -= 1`.")
        return result


def _what_happened(function: Callable, error: BaseException) -> str:
    """Say which error it was, and in which line of the function."""
    code = function.__code__ if isinstance(function, FunctionType) else None
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    place = f" in its line {lines[-1] - code.co_firstlineno + 1}" if code and lines else ""
    return f"It stops{place} with {_named(error)}"


def _named(error: BaseException) -> str:
    """Return an error's name and what it says, cut if it is long."""
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return said if len(said) <= 300 else f"{said[:300]} ..."


def _unchanged(before: Any, after: Any) -> bool:
    """Compare two nests of lists, tuples, arrays and numbers."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    equality: Any = type(before).__eq__
    if equality is object.__eq__:  # a function, a random generator: no value
        return True
    return before == after or before != before  # the latter for NaN


def _is_stub(answer: Any) -> bool:
    """Say whether a function does nothing but return None, as one with only a docstring does."""
    if not isinstance(answer, FunctionType):
        return False
    does = {instruction.opname for instruction in dis.get_instructions(answer)}
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return does <= idle and set(answer.__code__.co_consts) <= {None, answer.__doc__}
