"""Random changes to a batch of grey X-rays, so that a network cannot lean on one hospital.

Every function takes and returns float tensors of shape ``(batch, 1, height, width)`` with
values in 0..1, works on the whole batch at once and draws from the generator it is given.
The changes follow what differs between series of films: exposure, contrast, processing,
sharpness, collimation, letters at the border, position. None of them may depend on the class.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont

from .common import Generator, change_some, coarse, jpeg, noise, sharpness, uniform


def histogram_of_another(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Give each image, in part, the histogram of another image of the batch."""
    flat = x.flatten(1)
    other = flat[torch.randperm(len(flat), generator=g)].sort(dim=1).values
    rank = flat.argsort(dim=1).argsort(dim=1)
    matched = other.gather(1, rank).view_as(x)
    return torch.lerp(x, matched, uniform(g, (len(x), 1, 1, 1), 0.3, 1.0))


def tone(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Gamma 0.5 to 2, contrast 0.5 to 1.5 about the mean, brightness -0.2 to 0.2."""
    n = (len(x), 1, 1, 1)
    x = x.clamp(1e-4, 1) ** torch.exp(uniform(g, n, -math.log(2), math.log(2)))
    mean = x.mean(dim=(2, 3), keepdim=True)
    x = (x - mean) * uniform(g, n, 0.5, 1.5) + mean + uniform(g, n, -0.2, 0.2)
    return x.clamp(0, 1)


def uneven_light(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Multiply by a smooth random field (light box, scatter, heel effect)."""
    field = torch.randn((len(x), 1, 4, 4), generator=g) * 0.2
    field = F.interpolate(field, size=x.shape[2:], mode="bicubic", align_corners=True)
    return (x * torch.exp(field)).clamp(0, 1)


def spectrum_of_another(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Mix the amplitude spectrum with another image's, keeping the phase.

    Xu et al. 2021, "A Fourier-based Framework for Domain Generalization".
    """
    spectrum = torch.fft.rfft2(x)
    amplitude, phase = spectrum.abs(), spectrum.angle()
    other = amplitude[torch.randperm(len(x), generator=g)]
    mixed = torch.lerp(amplitude, other, uniform(g, (len(x), 1, 1, 1), 0.0, 0.6))
    return torch.fft.irfft2(torch.polar(mixed, phase), s=x.shape[2:]).clamp(0, 1)


def geometry(x: torch.Tensor, size: int, g: Generator, strength: float = 1.0) -> torch.Tensor:
    """Random flip, rotation, zoom, stretch, shear, shift and perspective, cut to ``size``.

    What lies outside the film is black, grey or a repeated edge, at random.
    """
    n = len(x)
    angle = uniform(g, (n,), -15, 15).mul(strength * math.pi / 180)
    zoom = torch.exp(uniform(g, (n,), -0.30, 0.12) * strength)
    stretch = torch.exp(uniform(g, (n,), -0.18, 0.18) * strength)
    shear = uniform(g, (n,), -0.12, 0.12) * strength
    shift = uniform(g, (n, 2), -0.12, 0.12) * strength
    tilt = uniform(g, (n, 2), -0.08, 0.08) * strength
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    cos, sin = angle.cos(), angle.sin()
    m = torch.zeros(n, 3, 3)
    m[:, 0, 0] = flip * zoom * stretch * cos
    m[:, 0, 1] = zoom * stretch * (shear - sin)
    m[:, 1, 0] = flip * zoom / stretch * sin
    m[:, 1, 1] = zoom / stretch * cos
    m[:, :2, 2] = shift
    m[:, 2, :2] = tilt
    m[:, 2, 2] = 1
    line = (torch.arange(size) + 0.5) * 2 / size - 1
    yy, xx = torch.meshgrid(line, line, indexing="ij")
    points = torch.stack([xx, yy, torch.ones_like(xx)], dim=-1).view(1, -1, 3)
    moved = points @ m.transpose(1, 2)
    grid = (moved[..., :2] / moved[..., 2:]).view(n, size, size, 2)
    edge = F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
    fill = uniform(g, (n, 1, 1, 1), 0.0, 0.5) * (torch.rand((n, 1, 1, 1), generator=g) < 0.5)
    inside = F.grid_sample(
        x - fill, grid, mode="bilinear", padding_mode="zeros", align_corners=False
    )
    use = (torch.rand((n, 1, 1, 1), generator=g) < 0.6).to(x.dtype)
    return torch.lerp(edge, inside + fill, use)


def _letter_bank(count: int = 64, side: int = 48) -> torch.Tensor:
    """Letters and markers as films carry them, shape ``(count, side, side)``."""
    rng = np.random.default_rng(7)
    bank = []
    for _ in range(count):
        image = Image.new("L", (side, side))
        draw = ImageDraw.Draw(image)
        text = str(rng.choice(["R", "L", "A-P", "P-A", "AP", "D", "S", "K", "12", "R>"]))
        font = ImageFont.load_default(size=int(rng.integers(8, 26)))
        draw.text((side / 2, side / 2), text, fill=255, font=font, anchor="mm")
        if rng.random() < 0.3:
            draw.rectangle(draw.textbbox((side / 2, side / 2), text, font, "mm"), outline=255)
        bank.append(np.asarray(image.rotate(rng.uniform(-20, 20)), dtype=np.float32) / 255)
    return torch.from_numpy(np.stack(bank))


_LETTERS = _letter_bank()


def borders(x: torch.Tensor, g: Generator, p: float = 0.6) -> torch.Tensor:
    """Cover strips and corners, erase patches, paste letters: the border tells nothing."""
    x = x.clone()
    n, _, height, width = x.shape

    def rand(low: float, high: float) -> float:
        return low + (high - low) * torch.rand(1, generator=g).item()

    for i in range(n):
        image = x[i, 0]
        if rand(0, 1) < p:
            value = rand(0, 0.15) if rand(0, 1) < 0.6 else rand(0, 1)
            top, bottom = (int(height * max(0.0, rand(-0.12, 0.14))) for _ in range(2))
            left, right = (int(width * max(0.0, rand(-0.12, 0.14))) for _ in range(2))
            image[:top], image[:, :left] = value, value
            image[height - bottom :], image[:, width - right :] = value, value
        if rand(0, 1) < p:
            for _ in range(int(rand(1, 4))):
                h, w = int(height * rand(0.06, 0.28)), int(width * rand(0.06, 0.28))
                near_edge = rand(0, 1) < 0.75
                y = int(rand(0, height - h))
                c = int(rand(0, width - w))
                if near_edge and rand(0, 1) < 0.5:
                    y = 0 if rand(0, 1) < 0.6 else height - h
                elif near_edge:
                    c = 0 if rand(0, 1) < 0.5 else width - w
                patch = image[y : y + h, c : c + w]
                patch.copy_(patch.mean().clone() if rand(0, 1) < 0.5 else torch.tensor(rand(0, 1)))
        if rand(0, 1) < 0.4:
            side = int(min(height, width) * rand(0.10, 0.34))
            letter = _LETTERS[int(rand(0, len(_LETTERS) - 0.01))][None, None]
            letter = F.interpolate(letter, size=(side, side), mode="bilinear", antialias=True)
            y = int(rand(0, height - side))
            c = int(rand(0, 0.2) * width) if rand(0, 1) < 0.6 else int(rand(0.8, 1) * width) - side
            c = min(max(c, 0), width - side)
            patch = image[y : y + side, c : c + side]
            patch.copy_(torch.maximum(patch, letter[0, 0] * rand(0.5, 1)))
    return x


def augment_batch(
    pixels: torch.Tensor, size: int, g: Generator, strength: float = 1.0
) -> torch.Tensor:
    """The training-time change of one batch.

    ``pixels``: uint8 ``(batch, height, width)``, larger than ``size`` (presizing: the
    image is resampled once, while it is cut out). ``strength`` in 0..1 scales how many
    images change in tone and sharpness; borders are always changed as much. Returns float
    ``(batch, 1, size, size)`` in 0..1.
    """
    x = pixels.float().div(255).unsqueeze(1)
    x = change_some(x, histogram_of_another, 0.4 * strength, g)
    x = change_some(x, spectrum_of_another, 0.3 * strength, g)
    x = jpeg(x, g, 0.2 * strength)
    x = geometry(x, size, g, strength=0.5 + 0.5 * strength)
    x = change_some(x, coarse, 0.25 * strength, g)
    x = change_some(x, sharpness, 0.5 * strength, g)
    x = change_some(x, tone, 0.7 * strength, g)
    x = change_some(x, uneven_light, 0.3 * strength, g)
    x = borders(x, g)
    return change_some(x, noise, 0.4 * strength, g)


def light_box(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """A photograph of a film on a light box: perspective, glare, noise, JPEG."""
    x = geometry(x, x.shape[2], g, strength=0.5)
    n = len(x)
    line = torch.linspace(-1, 1, x.shape[2])
    centre = uniform(g, (n, 2, 1, 1), -0.8, 0.8)
    distance = (line.view(1, 1, -1) - centre[:, 0]) ** 2 + (line.view(1, -1, 1) - centre[:, 1]) ** 2
    glare = torch.exp(-distance / 0.15).unsqueeze(1) * uniform(g, (n, 1, 1, 1), 0.1, 0.5)
    x = (x * 0.8 + 0.1 + glare).clamp(0, 1)
    return jpeg(noise(uneven_light(x, g), g), g, 1.0)


def _gamma(x: torch.Tensor, exponent: float) -> torch.Tensor:
    return x.clamp(1e-4, 1) ** exponent


def _flatten_contrast(x: torch.Tensor) -> torch.Tensor:
    mean = x.mean(dim=(2, 3), keepdim=True)
    return (x - mean) * 0.55 + mean


def _black_borders(x: torch.Tensor) -> torch.Tensor:
    x = x.clone()
    edge = max(1, round(x.shape[2] * 0.09))
    for part in (x[..., :edge, :], x[..., -edge:, :], x[..., :, :edge], x[..., :, -edge:]):
        part.zero_()
    return x


def _blur(x: torch.Tensor) -> torch.Tensor:
    side = max(8, round(x.shape[2] * 0.4))
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=x.shape[2:], mode="bicubic").clamp(0, 1)


SHIFTS = {
    "none": lambda x, g: x,
    "darker": lambda x, g: _gamma(x, 1.7),
    "lighter": lambda x, g: _gamma(x, 0.6),
    "flat contrast": lambda x, g: _flatten_contrast(x),
    "another histogram": lambda x, g: histogram_of_another(x, g),
    "blurred": lambda x, g: _blur(x),
    "sharpened and noisy": lambda x, g: noise((x + 1.5 * (x - _blur(x))).clamp(0, 1), g),
    "black borders": lambda x, g: _black_borders(x),
    "JPEG": lambda x, g: jpeg(x, g, 1.0),
    "photograph on a light box": light_box,
}
"""Simulated changes of acquisition, for validation: name to function of (batch, generator)."""
