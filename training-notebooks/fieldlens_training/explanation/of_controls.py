"""Where the scores of the control networks come from (``experiments.what_it_sees``)."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from ..experiments.control_films import Films
from ..experiments.control_views import LUNGS, SIDE, outline_crop, whole_film
from ..regions.reader import log_odds
from .checks import evenly
from .occlusion import enlarged, explain


def explained(net: nn.Module, films: Films, view: str, wanted: int) -> dict[str, Any]:
    """Occlusion maps of films that a network calls sick (log-odds above 0), evenly chosen.

    ``pictures`` and ``maps`` are what it read and the map at each pixel; ``row`` says how often
    the hottest point lies in the lungs, by chance (their share of the picture that is read), and
    how often the hottest fifth counts most.
    """
    seen = films.seen(view)
    scores = log_odds(net, seen)
    likely = np.flatnonzero(scores > 0)
    chosen = likely[evenly(len(likely), wanted)] if len(likely) else likely
    pictures, maps, inside, chance, supported = [], [], [], [], []

    def read(changed: np.ndarray) -> np.ndarray:
        return log_odds(net, changed[..., 0]).astype(np.float64)

    for i in chosen:
        picture = seen[i][..., None]
        values, holds = explain(read, picture, float(read(picture[None])[0]))
        heat = enlarged(values, SIDE)
        lungs = lungs_in(films, int(i), view)
        pictures.append(seen[i])
        maps.append(np.maximum(heat, 0))
        inside.append(lungs[np.unravel_index(np.argmax(heat), heat.shape)])
        chance.append(lungs.mean())
        supported.append(holds)
    row = {
        "what is seen": view,
        "films": len(chosen),
        "hottest point in the lungs": float(np.mean(inside)) if inside else None,
        "lungs' share of the picture": float(np.mean(chance)) if chance else None,
        "hottest fifth counts most": float(np.mean(supported)) if supported else None,
    }
    return {"pictures": pictures, "maps": maps, "row": row}


def lungs_in(films: Films, i: int, view: str) -> np.ndarray:
    """Where the lungs lie in what a network of that view reads, bool ``(SIDE, SIDE)``."""
    mask = films.masks[i]
    if view == LUNGS:
        return outline_crop(mask, SIDE) > 127
    return whole_film(mask.astype(np.uint8) * 255, mask) > 127
