"""What validation says does not need every image under every change."""

import numpy as np

from fieldlens_training.data.tasks import CHEST
from fieldlens_training.evaluation import assess as module
from fieldlens_training.evaluation.assess import assess, validation_entries
from fieldlens_training.package.export import prepare


def test_a_large_set_is_read_whole_once_and_in_part_under_each_change(trained_net, monkeypatch):
    monkeypatch.setattr(module, "MOST_SHIFTED", 10)
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (24, 32, 32)).astype(np.uint8)
    labels = np.arange(24) % 2
    plan, _ = prepare(trained_net(), pixels[:4], CHEST)
    found = assess(plan, pixels, labels, [f"p{i}" for i in range(24)], CHEST)
    assert len(found.plain) == 24
    assert {len(scores) for scores in found.shifted.values()} == {10}
    assert set(found.shifted) == set(CHEST.shifts)
    chosen = [int(name[1:]) for name in found.shifted_patients]
    assert chosen[0] == 0 and chosen[-1] == 23
    np.testing.assert_array_equal(found.shifted_labels, labels[chosen])
    np.testing.assert_allclose(found.shifted["none"], found.plain[chosen])
    plain, shift = validation_entries(found, "command", folds=20)
    assert (plain["n"], shift["n"]) == (24, 10 * len(CHEST.shifts))
