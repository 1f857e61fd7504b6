# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# WAGE emulated in floats, as one would write it in PyTorch: each k-bit integer n is the float n * 2^(1-k), quantizers
# are autograd functions whose backward passes are the straight-through rules of docs/numerics.md sections 4 to 7. Sums
# are exact while they stay below 2^24 in integers. Not an engine of the project: a competitor of its speed.
"""Quantizers, network and update rule of WAGE on PyTorch tensors."""

import math

import torch
from torch import nn
from torch.autograd import Function
from torch.nn import functional

WIDTHS = {"w": 2, "a": 8, "g": 8, "e": 8}


def largest_code(bits):
    """N(k) of section 1."""
    return 2 ** (bits - 1) - 1


def exponent(largest):
    """round(log2 largest) for a float above 0, exactly (section 1)."""
    mantissa, power = math.frexp(largest)  # 0.5 <= mantissa < 1
    return power if mantissa * mantissa > 0.5 else power - 1


def largest_magnitude(tensor):
    """max |x| in one pass and without a copy, as a Python float."""
    low, high = torch.aminmax(tensor)
    return max(-low.item(), high.item())


def quantize_(tensor, scale, bits):
    """In place: clip(rne(x * scale), N(bits)) * 2^(1-bits)."""
    n = largest_code(bits)
    return tensor.mul_(scale).round_().clamp_(-n, n).mul_(2.0 ** (1 - bits))


class QuantizeWeight(Function):
    """Q_W (Eq. 6); the gradient passes straight through."""

    @staticmethod
    def forward(ctx, weight, bits):
        return quantize_(weight.clone(), 2.0 ** (bits - 1), bits)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class QuantizeActivation(Function):
    """Q_A (Eq. 8) behind the division by 2^sA; errors of clipped elements become 0."""

    @staticmethod
    def forward(ctx, accumulators, attenuation, bits):
        codes = accumulators * 2.0 ** (bits - 1 - attenuation)
        ctx.save_for_backward(codes > largest_code(bits))
        n = largest_code(bits)
        return codes.round_().clamp_(-n, n).mul_(2.0 ** (1 - bits))

    @staticmethod
    def backward(ctx, error):
        (clipped,) = ctx.saved_tensors
        return error.masked_fill(clipped, 0.0), None, None


class QuantizeError(Function):
    """The identity forward, Q_E (Eq. 9) backward: the error is normalised by its largest magnitude. `taps`, a list,
    receives each quantized error."""

    @staticmethod
    def forward(ctx, tensor, bits, gamma_log2, taps):
        ctx.bits = bits
        ctx.gamma_log2 = gamma_log2
        ctx.taps = taps
        return tensor.view_as(tensor)

    @staticmethod
    def backward(ctx, error):
        largest = largest_magnitude(error)
        if largest > 0:
            shift = exponent(largest) - ctx.gamma_log2
            error = quantize_(error.clone(), 2.0 ** (ctx.bits - 1 - shift), ctx.bits)
        if ctx.taps is not None:
            ctx.taps.append(error.clone())
        return error, None, None, None


class WageNetwork(nn.Module):
    """The network of a geometry (the list that step_worker greets with). Weights are stored on the kG grid."""

    def __init__(self, layers, widths=None, gamma_log2=0):
        super().__init__()
        self.layers = layers
        self.widths = dict(widths or WIDTHS)
        self.gamma_log2 = gamma_log2
        self.stored = nn.ParameterList()
        self.attenuation = []
        for layer in layers:
            shape = [layer["out"][0], layer["in"][0], layer["kernel"], layer["kernel"]]
            if layer["kind"] == "dense":
                shape = [layer["out"][0], math.prod(layer["in"])]
            self.stored.append(nn.Parameter(self._initial(shape)))
            self.attenuation.append(self._attenuation(math.prod(shape[1:])))

    def _smallest_limit(self):
        return 1.5 * 2.0 ** (1 - self.widths["w"])

    def _attenuation(self, fan_in):
        """sA (Eq. 7)."""
        return max(0, round(math.log2(self._smallest_limit() / math.sqrt(6 / fan_in))))

    def _initial(self, shape):
        """Eq. 5 on the kG grid."""
        limit = max(math.sqrt(6 / math.prod(shape[1:])), self._smallest_limit())
        bits = self.widths["g"]
        return quantize_(torch.empty(shape).uniform_(-limit, limit), 2.0 ** (bits - 1), bits)

    def forward(self, codes, outputs=None, errors=None):
        """Outputs, N x classes, of input codes as floats. `outputs` and `errors`, lists, receive what each layer gives
        forward and, from the last layer to the first, backward after Q_E."""
        a = codes
        last = len(self.layers) - 1
        for i, layer in enumerate(self.layers):
            weight = QuantizeWeight.apply(self.stored[i], self.widths["w"])
            if layer["kind"] == "conv":
                x = functional.conv2d(a, weight, stride=layer["stride"], padding=layer["pad"])
            else:
                x = functional.linear(a.flatten(1), weight)
            if "pool" in layer:
                x = functional.max_pool2d(x, layer["pool"][0], layer["pool"][1])
            if i < last:
                x = functional.relu_(x)
            x = QuantizeError.apply(x, self.widths["e"], self.gamma_log2, errors)
            if i < last:
                a = QuantizeActivation.apply(x, self.attenuation[i], self.widths["a"])
            else:
                a = x * 2.0 ** -self.attenuation[i]
            if outputs is not None:
                outputs.append(a.detach().clone())
        return a

    @torch.no_grad()
    def update(self, eta_log2):
        """Q_G and the step (Eq. 10 to 12): each gradient shifted by its largest magnitude, stochastically rounded."""
        unit = 2.0 ** (1 - self.widths["g"])
        limit = 1 - unit
        for stored in self.stored:
            largest = largest_magnitude(stored.grad)
            if largest > 0:
                steps = stored.grad.abs().mul_(2.0 ** (eta_log2 - exponent(largest)))
                steps.add_(torch.rand_like(steps)).floor_()
                stored.sub_(steps.copysign_(stored.grad), alpha=unit).clamp_(-limit, limit)
            stored.grad = None


def sum_of_squares(outputs, targets):
    """The paper's loss (section 3.4): half the sum of squared errors over the batch."""
    return 0.5 * functional.mse_loss(outputs, targets, reduction="sum")
