"""PyTorch's gradcheck on a layer from outside, and on its own convolution."""

import inspect
import time

import torch

from bridge import Layer, Library, Subject

torch.set_num_threads(1)


def version() -> str:
    """Of PyTorch."""
    return torch.__version__


def tolerance() -> str:
    """The tolerances that gradcheck has by itself."""
    parameters = inspect.signature(torch.autograd.gradcheck).parameters
    return f"{parameters['atol'].default:g} + {parameters['rtol'].default:g} × |gradient|"


def addresses(tensors: list[torch.Tensor]) -> list[int]:
    return [tensor.data_ptr() for tensor in tensors]


class Outside(torch.autograd.Function):
    """forward and backward of a layer from outside, as a function of z and the parameters."""

    @staticmethod
    def forward(ctx, layer: Layer, *inputs: torch.Tensor) -> torch.Tensor:
        y = torch.empty(layer.subject.output, dtype=torch.double)
        layer.forward(addresses(inputs), y.data_ptr())
        ctx.layer, ctx.forwards = layer, layer.forwards
        ctx.save_for_backward(*inputs)
        return y

    @staticmethod
    def backward(ctx, dy: torch.Tensor):
        layer, inputs = ctx.layer, ctx.saved_tensors
        if ctx.forwards != layer.forwards:
            # gradcheck moved z in the meantime: what the layer remembers must be of this z again
            y = torch.empty(layer.subject.output, dtype=torch.double)
            layer.forward(addresses(inputs), y.data_ptr())
            ctx.forwards = layer.forwards
        given = dy if dy.is_contiguous() else dy.contiguous()
        gradients = [torch.empty_like(one) for one in inputs]
        layer.backward(given.data_ptr(), addresses(gradients))
        if given is not dy:
            dy.copy_(given)
        return None, *gradients


def tensors_of(subject: Subject) -> list[torch.Tensor]:
    return [torch.tensor(one["entries"], dtype=torch.double).reshape(one["shape"]).requires_grad_()
            for one in subject.inputs]


def passes(library: Library, subject: Subject, fast: bool) -> bool:
    """Does gradcheck, with the tolerances it has by itself, find the layer right?"""
    layer = Layer(library, subject)
    try:
        return torch.autograd.gradcheck(lambda *inputs: Outside.apply(layer, *inputs),
                                        tensors_of(subject), fast_mode=fast)
    except RuntimeError:  # what gradcheck finds, and what the layer throws
        return False
    finally:
        layer.close()


def seconds(N: int, C_in: int, size: int, C_out: int) -> float:
    """The processor's seconds for gradcheck, slow, of PyTorch's own convolution."""
    generator = torch.Generator().manual_seed(1)
    inputs = [torch.randn(shape, dtype=torch.double, generator=generator).requires_grad_()
              for shape in [(N, C_in, size, size), (C_out, C_in, 3, 3), (C_out,)]]
    start = time.process_time()
    torch.autograd.gradcheck(torch.nn.functional.conv2d, inputs)
    return time.process_time() - start
