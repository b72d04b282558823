"""A warm start computes what the package computed."""

import torch

from fieldlens_training.networks.warm_start import start_from_weights
from fieldlens_training.quantisation.fold import (
    FEATURES,
    LOGITS,
    Classifier,
    Convolution,
    fold,
    run_plan,
)
from fieldlens_training.regions.reader import build_reader


def test_the_maps_are_those_of_the_package():
    torch.manual_seed(0)
    first, second = build_reader("slim"), build_reader("slim")
    images = torch.randn(4, 1, 32, 32)
    first.train()(images)  # running statistics that are not 0 and 1
    plan = fold(first.eval())
    weights = {}
    for layer in plan:
        if isinstance(layer, Convolution):
            weights[f"{layer.name}/weight"] = layer.weight.permute(2, 3, 1, 0).numpy()
            weights[f"{layer.name}/bias"] = layer.bias.numpy()
        elif isinstance(layer, Classifier):
            weights[f"{layer.name}/weight"] = layer.weight.T.numpy()
            weights[f"{layer.name}/bias"] = layer.bias.numpy()
    own = second.fc.weight.clone()
    start_from_weights(second, weights, images)
    assert torch.equal(second.fc.weight, own)
    start_from_weights(second, weights, images, head=True)
    second_plan = fold(second.eval())
    wanted, found = (run_plan(p, images, (FEATURES, LOGITS)) for p in (plan, second_plan))
    assert torch.allclose(found[FEATURES], wanted[FEATURES], atol=1e-4)
    assert torch.allclose(found[LOGITS], wanted[LOGITS], atol=1e-4)
    # The norms hold the statistics of the images: the first one's output is standard.
    stem = second.bn1(second.conv1(images))
    standard = (stem - second.bn1.bias.view(1, -1, 1, 1)) / second.bn1.weight.view(1, -1, 1, 1)
    assert torch.allclose(standard.mean(dim=(0, 2, 3)), torch.zeros(24), atol=1e-4)
