"""Parts of the published hybrid against torch's own and against formulas: attention, normalisation, losses of several tasks."""

import torch

from headroom.networks.attention import Attention
from headroom.networks.hybrid import Build, Hybrid
from headroom.networks.normalisation import NormalisationMix
from headroom.networks.tasks import Losses, Tasks, focal, rarities


def test_attention_rows_are_shares_and_causal_ones_are_triangular():
    features = torch.randn(2, 6, 16)
    for adaptive in (False, True):
        weights = Attention(16, 8, 6, adaptive, causal=True).weights(features)
        torch.testing.assert_close(weights.sum(dim=-1), torch.ones(2, 8, 6))
        assert (weights.triu(1) == 0).all()


def test_plain_attention_is_that_of_torch():
    torch.manual_seed(0)
    own, features = Attention(16, 8, 6, adaptive=False, causal=False), torch.randn(3, 6, 16)
    theirs = torch.nn.MultiheadAttention(16, 8, batch_first=True)
    theirs.load_state_dict(
        {
            "in_proj_weight": own.project.weight,
            "in_proj_bias": own.project.bias,
            "out_proj.weight": own.out.weight,
            "out_proj.bias": own.out.bias,
        }
    )
    torch.testing.assert_close(own(features), features + theirs(features, features, features, need_weights=False)[0])


def test_position_moves_attention_by_distance_alone():
    attention = Attention(16, 8, 6, adaptive=True, causal=False)
    with torch.no_grad():
        attention.position[:, 5 - 2] = 50.0  # the table's middle is distance 0: the frame asked by is two before the one read
    weights = attention.weights(torch.randn(1, 6, 16))[0, 0]
    assert all(weights[frame, frame + 2] > 0.99 for frame in range(4))


def test_the_normalisation_mix_is_the_softmax_of_three():
    torch.manual_seed(0)
    mix, features = NormalisationMix(16, causal=False), torch.randn(4, 16, 9)
    with torch.no_grad():
        mix.preference.copy_(torch.tensor([0.0, 30.0, 0.0]))
    torch.testing.assert_close(mix(features), torch.nn.functional.group_norm(features, 8), rtol=1e-5, atol=1e-5)


def test_focal_loss_by_its_formula():
    p = torch.tensor([0.05, 0.5, 0.9])
    surprise = -p.log()
    torch.testing.assert_close(focal(surprise, 2.0), (1 - p) ** 2 * surprise)
    torch.testing.assert_close(focal(surprise, 0.0), surprise)
    torch.testing.assert_close(focal(surprise, None), (1 - p) ** torch.tensor([5.0, 3.0, 3.0]) * surprise)


def test_class_weights_are_each_tasks_own():
    rarity, sides = rarities(torch.tensor([0.5, 0.25, 0.25]))
    torch.testing.assert_close(rarity, torch.tensor([2 / 3, 4 / 3, 4 / 3]))
    torch.testing.assert_close(sides, torch.tensor([[2 / 3, 2.0]]).expand(2, 2))


def test_learnt_variances_weigh_categories_and_numbers_as_their_likelihoods_do():
    torch.manual_seed(0)
    ones = torch.ones(3), torch.ones(2, 2)
    plain, weighed = (Tasks(4, *ones, Losses(0.0, together=True, activity=True, uncertain=uncertain)) for uncertain in (False, True))
    weighed.load_state_dict(plain.state_dict(), strict=False)
    features, labels, activity = torch.randn(5, 2, 4), torch.eye(3)[torch.randint(3, (5, 2))], torch.randn(5, 2)
    with torch.no_grad():
        weighed.log_variances.copy_(torch.tensor([0.3, -0.2, 0.1, 0.5]))
    odds, sides = plain.classes(features), plain.sides(features)
    each = [torch.nn.functional.cross_entropy(odds.flatten(0, 1), labels.flatten(0, 1))]
    each += [torch.nn.functional.binary_cross_entropy_with_logits(sides[..., k], labels[..., k + 1]) for k in (0, 1)]
    each.append(((plain.activity(features)[..., 0] - activity) ** 2).mean())
    torch.testing.assert_close(plain.loss(features, labels, activity), sum(each))
    s = weighed.log_variances
    expected = sum((0.5 if k == 3 else 1.0) * torch.exp(-s[k]) * each[k] + s[k] / 2 for k in range(4))
    torch.testing.assert_close(weighed.loss(features, labels, activity), expected)


def test_a_hybrid_without_anything_to_skip_still_runs():
    build = Build(5, 12, (8, 16), 16, 1, 0.0, described=True, causal=False, without=("convolution", "attention"))
    assert Hybrid(build)(torch.randn(2, 12, 5)).shape == (2, 12, 32)
