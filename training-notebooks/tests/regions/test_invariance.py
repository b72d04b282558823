"""Films with other surroundings keep their lungs."""

import numpy as np

from fieldlens_training.regions.invariance import changed_films, near_lungs

from .drawn import film_and_mask


def test_only_what_is_far_from_the_lungs_changes():
    rng = np.random.default_rng(0)
    pairs = [film_and_mask(rng, sick) for sick in (False, True, False, True)]
    films = np.stack([film for film, _ in pairs])
    masks = np.stack([mask for _, mask in pairs])
    labels = np.array([0, 1, 0, 1])
    changed = changed_films(films, masks, labels)
    for name, others in changed.items():
        for film, mask, other in zip(films, masks, others, strict=True):
            near = near_lungs(mask)
            assert mask[near].sum() == mask.sum()
            assert np.array_equal(other[near], film[near])
            assert (other[~near] != film[~near]).mean() > 0.5, name
    assert not changed["black"][0][~near_lungs(masks[0])].any()


def test_surroundings_of_the_other_class_are_of_the_other_class():
    films = np.stack([np.full((224, 224), grey, np.uint8) for grey in (10, 20, 200, 210)])
    _, mask = film_and_mask(np.random.default_rng(0), False)
    masks = np.stack([mask] * 4)
    crossed = changed_films(films, masks, np.array([0, 0, 1, 1]))["other class"]
    assert (crossed[:2, 0, 0] >= 200).all()
    assert (crossed[2:, 0, 0] <= 20).all()
