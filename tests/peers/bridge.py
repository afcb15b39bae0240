"""The mutants as objects of Python: ctypes on the library that peers.cpp makes."""

import ctypes
import json
from dataclasses import dataclass, field
from pathlib import Path


class LayerError(RuntimeError):
    """What a layer threw."""


@dataclass(frozen=True)
class Verdict:
    """What handgrad says of a subject."""

    passed: bool
    kinks: int  # outputs that have no derivative there


@dataclass(frozen=True)
class Subject:
    """A layer with a backward pass, right or wrong, and the numbers at which it is checked."""

    index: int
    layer: str
    setting: str
    name: str
    right: bool
    inputs: list[dict] = field(repr=False)  # "shape" and "entries" of z, then of the parameters
    output: list[int]  # the shape of y


class Library:
    """What peers.cpp exports."""

    def __init__(self, path: Path):
        self.functions = ctypes.CDLL(str(path))
        pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_double
        for name, result, arguments in [
            ("count", size, []),
            ("subject", ctypes.c_char_p, [size]),
            ("check", ctypes.c_char_p, [size]),
            ("open", pointer, [size]),
            ("close", None, [pointer]),
            ("error", ctypes.c_char_p, [pointer]),
            ("forward", ctypes.c_int, [pointer] * 3),
            ("backward", ctypes.c_int, [pointer, pointer, pointer, size, pointer]),
            ("seconds", number, [size] * 4),
        ]:
            function = getattr(self.functions, f"peers_{name}")
            function.restype, function.argtypes = result, arguments

    def subjects(self) -> list[Subject]:
        return [Subject(index, **json.loads(self.functions.peers_subject(index)))
                for index in range(self.functions.peers_count())]

    def check(self, subject: Subject) -> Verdict:
        return Verdict(**json.loads(self.functions.peers_check(subject.index)))

    def seconds(self, *sizes: int) -> float:
        """The processor's seconds for one check of a convolution."""
        seconds = self.functions.peers_seconds(*sizes)
        if seconds < 0:
            raise LayerError("the check of the right convolution does not pass")
        return seconds


class Layer:
    """A layer of its own, with what it remembers. Tensors are addresses of their entries."""

    def __init__(self, library: Library, subject: Subject):
        self.functions = library.functions
        self.subject = subject
        self.handle = self.functions.peers_open(subject.index)
        self.forwards = 0

    def close(self) -> None:
        self.functions.peers_close(self.handle)

    def _expect(self, worked: int) -> None:
        if not worked:
            raise LayerError(self.functions.peers_error(self.handle).decode())

    def forward(self, inputs: list[int], y: int) -> None:
        self.forwards += 1
        self._expect(self.functions.peers_forward(self.handle, _addresses(inputs), y))

    def backward(self, dy: int, gradients: list[int]) -> None:
        shape = self.subject.output
        self._expect(self.functions.peers_backward(
            self.handle, dy, (ctypes.c_size_t * len(shape))(*shape), len(shape),
            _addresses(gradients)))


def _addresses(numbers: list[int]):
    return (ctypes.c_void_p * len(numbers))(*numbers)
