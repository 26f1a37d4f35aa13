import unittest

import numpy as np

from eval import train_confidence as train


def clips():
    """Two inputs; the first says whether a match is right, the second says nothing."""
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(400, 2))
    right = (inputs[:, 0] + 0.5 * rng.normal(size=400) > 0).astype(float)
    return inputs, right, np.ones(400)


class FitNearGivenWeights(unittest.TestCase):
    def test_a_strong_pull_gives_the_given_weights(self):
        raw = train.Model(*clips(), train.Prior([0.5, -0.25, 1], 1e9)).raw_weights()
        np.testing.assert_allclose(raw[:2], [0.5, -0.25], atol=1e-4)

    def test_a_weak_pull_follows_the_clips(self):
        near = train.Model(*clips(), train.Prior([0.5, -0.25, 1], 1)).raw_weights()
        free = train.Model(*clips()).raw_weights()
        np.testing.assert_allclose(near, free, rtol=0.2, atol=0.2)

    def test_kept_weights_stay_and_the_others_move(self):
        raw = train.Model(*clips(), train.Prior([0, 3, 0], 1, kept=[1])).raw_weights()
        self.assertAlmostEqual(raw[1], 3)
        self.assertGreater(raw[0], 0.5)

    def test_no_negative_weight_where_none_is_allowed(self):
        inputs, right, importance = clips()
        model = train.Model(-inputs, right, importance, train.Prior([1, 0, 0], 1, at_least_zero=[0]))
        self.assertEqual(model.raw_weights()[0], 0)

    def test_the_present_weights_are_read_from_the_source(self):
        names = [train.KEPT, train.AT_LEAST_ZERO]
        priors = train.present_weights(names, 10)
        self.assertEqual([len(priors[kind].raw) for kind in (False, True)], [16, 16])
        self.assertEqual((priors[False].kept, priors[False].at_least_zero), ((0,), (1,)))
