"""The Playground's small networks: what their inputs are called, and what they answer."""

from __future__ import annotations

import math
from operator import mul
from typing import Callable

from results import Weights

# By their keys in a link, in the site's order: how an axis says them, and what they compute
INPUTS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "x": ("x", lambda x, y: x),
    "y": ("y", lambda x, y: y),
    "xSquared": ("x²", lambda x, y: x * x),
    "ySquared": ("y²", lambda x, y: y * y),
    "xTimesY": ("xy", lambda x, y: x * y),
    "sinX": ("sin x", lambda x, y: math.sin(x)),
    "sinY": ("sin y", lambda x, y: math.sin(y)),
}
ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0,
    "linear": lambda z: z,
}


def used_inputs(configuration: dict) -> list[str]:
    """The keys of the inputs that are on."""
    return [key for key in INPUTS if str(configuration.get(key, "")).lower() == "true"]


def hidden_layers(configuration: dict) -> list[int]:
    shape = configuration.get("networkShape", [])
    parts = shape if isinstance(shape, list) else str(shape).split(",")
    return [int(part) for part in parts if str(part).strip()]


def weight_count(configuration: dict) -> int:
    """How many weights a network has, its biases not counted."""
    sizes = [len(used_inputs(configuration)), *hidden_layers(configuration), 1]
    return sum(before * after for before, after in zip(sizes, sizes[1:]))


def neurons(weights: Weights, activation: str, x: float, y: float) -> list[list[float]]:
    """The inputs and what every layer's neurons answer; the last list is the output alone."""
    columns = [[INPUTS[key][1](x, y) for key in weights.inputs]]
    for place, layer in enumerate(weights.layers):
        last = place == len(weights.layers) - 1
        act = math.tanh if last else ACTIVATIONS[activation]
        columns.append([act(bias + sum(map(mul, row, columns[-1])))
                        for row, bias in zip(layer.weight, layer.bias)])
    return columns


def answer_of(weights: Weights, activation: str) -> Callable[[float, float], float]:
    return lambda x, y: neurons(weights, activation, x, y)[-1][0]


def weights_fit(weights: Weights, configuration: dict) -> str | None:
    """What is wrong with the shape of the weights, or None."""
    unknown = [key for key in weights.inputs if key not in INPUTS]
    if unknown:
        return f"has an input {unknown[0]}, it may be one of {', '.join(INPUTS)}"
    if configuration.get("activation") not in ACTIVATIONS:
        return (f"belongs to the activation {configuration.get('activation')}, it may be one of "
                f"{', '.join(ACTIVATIONS)}")
    sizes = [len(used_inputs(configuration)), *hidden_layers(configuration), 1]
    if len(weights.inputs) != sizes[0] or len(weights.layers) != len(sizes) - 1:
        return (f"has {len(weights.inputs)} inputs and {len(weights.layers)} layers, the "
                f"configuration says {sizes[0]} and {len(sizes) - 1}")
    for place, (layer, before, after) in enumerate(zip(weights.layers, sizes, sizes[1:])):
        rows = {len(row) for row in layer.weight}
        if len(layer.weight) != after or rows != {before} or len(layer.bias) != after:
            return (f"has a layer {place} that does not fit, its weight must be {after} rows of "
                    f"{before} numbers and its bias {after} numbers")
        if any(number is None for row in [*layer.weight, layer.bias] for number in row):
            return f"has a layer {place} with a number that is not finite"
    return None
