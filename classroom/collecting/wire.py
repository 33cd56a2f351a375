"""Plain data over a socket: what a function is given and what it returns, and nothing that runs.

Numbers, texts, lists, tuples, dictionaries, arrays, `Layer`, `Report` and random generators arrive
as they were sent. A function arrives as one that calls back, if the sender offers that. Anything
else arrives as an `Other`, which has only a type's name. Nothing is ever unpickled.
"""

import importlib
import json
import math
import re
import socket
import struct
import time
import tracemalloc
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from mnist_edu.network import Layer
from mnist_edu.training import Report

LARGEST = 2**28  # bytes of a message
TUPLES = {"Layer": Layer, "Report": Report}
LATE, GONE = "it does not end in time", "it ends its process"
DTYPE = re.compile(r"[<>|]([biufc]\d{1,2}|[SU]\d{1,5})")
SIZE = struct.Struct(">QQ")  # of the JSON text, and of the arrays' bytes after it


class Broken(Exception):
    """The other side is gone, late, or has sent what cannot be read; no more can be asked of it."""


class Other:
    """Stands for an object that does not travel."""

    def __init__(self, text: str):
        self._text = text

    def __repr__(self) -> str:
        """Return what the object had said of itself."""
        return self._text


def other(name: str, text: str) -> Other:
    """Return a stand-in whose type has that name."""
    return type(name, (Other,), {})(text)


class Channel:
    """One end of a connection.

    Parameters
    ----------
    connection : socket
    offers : bool
        Functions that are sent may be called from the other end.
    """

    def __init__(self, connection: socket.socket, offers: bool = False):
        self._socket = connection
        self._offered: list[Callable] | None = [] if offers else None
        self.deadline = float("inf")

    def send(self, *message: Any) -> None:
        """Send some values together."""
        buffers: list[bytes] = []
        text = json.dumps([self._encode(value, buffers) for value in message]).encode()
        if len(text) + sum(map(len, buffers)) > LARGEST:
            raise ValueError("more than 256 MB")
        head = SIZE.pack(len(text), sum(map(len, buffers)))
        try:
            self._wait()
            self._socket.sendall(b"".join([head, text, *buffers]))
        except TimeoutError as error:
            raise Broken(LATE) from error
        except OSError as error:
            raise Broken(GONE) from error

    def receive(self) -> list[Any]:
        """Return the values that were sent together, by the deadline."""
        length, extra = SIZE.unpack(self._read(SIZE.size))
        if length + extra > LARGEST:
            raise Broken("it sends more than 256 MB")
        text, buffers = self._read(length), self._read(extra)
        try:
            return [self._decode(value, buffers) for value in json.loads(text)]
        except Exception as error:
            raise Broken("it sends what cannot be read") from error

    def call(self, which: int, args: tuple) -> Any:
        """Have the other end call one of its functions; return its result, and args afterwards.

        NumPy's errors are handled there as here, and memory is measured there if it is here.
        """
        self.send("call", which, args, np.geterr(), tracemalloc.is_tracing())
        while True:
            kind, *rest = self.receive()
            if kind == "call" and self._offered is not None:
                self.answer(self._offered, *rest)
            elif kind == "returned" and len(rest) == 4:
                *given_back, events, peak = rest
                for event in events:
                    np.geterrcall()(*event)
                bytearray(min(peak, LARGEST))  # for who measures memory here
                return given_back
            elif kind == "raised" and len(rest) == 2:
                name, text = map(str, rest)
                raise type(name, (Exception,), {})(text)
            else:
                raise Broken("it sends what was not asked for")

    def answer(
        self, functions: list[Callable], which: int, args: tuple, errors: dict, traced: bool
    ) -> None:
        """Call a function for the other end, and send what it returns and what it did to args."""
        events, peak = [], 0
        if traced:
            tracemalloc.start()
        try:
            with np.errstate(**errors, call=lambda *event: events.append(event)):
                result = functions[which](*args)
            if traced:
                peak = tracemalloc.get_traced_memory()[1]
            self.send("returned", result, args, events[:1], peak)
        except Broken:
            raise
        except BaseException as error:  # exit() too
            self.send("raised", type(error).__name__, f"{error}"[:400])
        finally:
            if traced:
                tracemalloc.stop()

    def _read(self, count: int) -> bytearray:
        data = bytearray(count)
        view, got = memoryview(data), 0
        while got < count:
            try:
                self._wait()
                some = self._socket.recv_into(view[got:])
            except TimeoutError as error:
                raise Broken(LATE) from error
            except OSError as error:
                raise Broken(GONE) from error
            if not some:
                raise Broken(GONE)
            got += some
        return data

    def _wait(self) -> None:
        """Have the socket wait until the deadline, and no longer."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(None if left == float("inf") else left)

    def _encode(self, value: Any, buffers: list[bytes]) -> Any:
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int and value.bit_length() < 2000:
            return value
        if kind is list:
            return [self._encode(item, buffers) for item in value]
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is range:
            return {"range": [value.start, value.stop, value.step]}
        if kind is dict:
            pairs = [[self._encode(item, buffers) for item in pair] for pair in value.items()]
            return {"dict": pairs}
        if kind in (tuple, Layer, Report):
            return {"tuple": kind.__name__, "of": [self._encode(item, buffers) for item in value]}
        if isinstance(value, np.ndarray | np.generic):
            array = np.asarray(value)
            if DTYPE.fullmatch(array.dtype.str):
                buffers.append(array.tobytes())
                scalar = isinstance(value, np.generic)
                return {"array": array.dtype.str, "shape": array.shape, "scalar": scalar}
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            return {"generator": value.bit_generator.state}
        if kind is np.ufunc and getattr(np, value.__name__, None) is value:
            return {"function": ["numpy", value.__name__]}
        if kind is FunctionType and (found := _known(value)):
            return {"function": found}
        if callable(value) and self._offered is not None:
            self._offered.append(value)
            return {"callback": len(self._offered) - 1}
        return {"other": kind.__name__, "text": f"{value!r:.100}"}

    def _decode(self, value: Any, buffers: bytearray) -> Any:
        if isinstance(value, list):
            return [self._decode(item, buffers) for item in value]
        if not isinstance(value, dict):
            return value
        if "complex" in value:
            return complex(*value["complex"])
        if "range" in value:
            return range(*value["range"])
        if "dict" in value:
            pairs = [[self._decode(item, buffers) for item in pair] for pair in value["dict"]]
            return dict(pairs)
        if "tuple" in value:
            items = [self._decode(item, buffers) for item in value["of"]]
            return TUPLES[value["tuple"]](*items) if value["tuple"] in TUPLES else tuple(items)
        if "array" in value:
            if not DTYPE.fullmatch(value["array"]):
                raise ValueError(value["array"])
            dtype, shape = np.dtype(value["array"]), tuple(value["shape"])
            if not all(length >= 0 for length in shape):
                raise ValueError(shape)
            size = dtype.itemsize * math.prod(shape)
            array = np.frombuffer(bytearray(buffers[:size]), dtype).reshape(shape)
            del buffers[:size]
            return array[()] if value["scalar"] else array
        if self._offered is not None and value.keys() & {"function", "callback", "generator"}:
            return other("function", "a function")  # only the side without marks calls any
        if "generator" in value:
            generator = np.random.default_rng()
            generator.bit_generator.state = value["generator"]
            return generator
        if "function" in value:
            return _look_up(*value["function"])
        if "callback" in value:
            return lambda *args: self.call(value["callback"], args)[0]
        return other(str(value["other"]), str(value["text"]))


def _known(function: FunctionType) -> list[str] | None:
    """Return module and name of a function of the package, which both ends have."""
    found = [function.__module__, function.__qualname__]
    try:
        return found if _look_up(*found) is function else None
    except ValueError:
        return None


def _look_up(module: str, name: str) -> Callable:
    if module != "numpy" and not re.fullmatch(r"mnist_edu(\.[a-z]\w*)*", module):
        raise ValueError(module)
    function = getattr(importlib.import_module(module), name, None)
    if not isinstance(function, FunctionType | np.ufunc):
        raise ValueError(name)
    return function
