"""U10 (c): flat directions from signs, against floating point and against what is counted by hand."""

import numpy as np
import pytest

from entanglement.theory.flatness import exact_rank, flat_directions

M, TOKENS, N = 40, 4, 3


def inputs(rng, reach=3):
    place = np.broadcast_to(np.eye(TOKENS), (M, TOKENS, TOKENS))
    return np.concatenate([rng.integers(17, size=(M, TOKENS, reach)), place], axis=-1)


def signs_of(queries, keys):
    return np.sign(queries[:, :, None] - keys[:, None])


def counted(signs, x):
    """The same nullity in floating point: columns by query and by key, rows less their mean."""
    by_query = np.einsum("mstn,msr->mstnr", signs, x).reshape(*signs.shape[:3], -1)
    by_key = np.einsum("mstn,mtr->mstnr", signs, x).reshape(*signs.shape[:3], -1)
    both = np.concatenate([by_query, by_key], -1)
    both = (both - both.mean(2, keepdims=True)).reshape(-1, both.shape[-1])
    reach = np.linalg.matrix_rank(x.reshape(-1, x.shape[-1]))
    return 2 * signs.shape[-1] * reach - np.linalg.matrix_rank(both)


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
def test_the_exact_count_is_that_of_floating_point(shift):
    rng = np.random.default_rng(1)
    x = inputs(rng)
    queries, keys = (x @ rng.normal(size=(x.shape[-1], N)) / 8 for _ in range(2))
    signs = signs_of(queries + shift * np.arange(N), keys)
    assert flat_directions(signs, x) == counted(signs, x)


def test_signs_without_order_leave_the_translations_alone_and_one_sided_indices_add_theirs():
    rng = np.random.default_rng(2)
    x = inputs(rng)
    reach = np.linalg.matrix_rank(x.reshape(-1, x.shape[-1]))
    mixed = rng.choice((-1.0, 1.0), (M, TOKENS, TOKENS, N))
    assert flat_directions(mixed, x) == N
    for sided in (1, 2):
        signs = mixed.copy()
        signs[..., :sided] = 1.0
        shared = 2 * reach * sided - (reach - 1)
        assert flat_directions(signs, x) == N - sided + shared
    one_query = mixed.copy()
    one_query[:, 2, :, 0] = -1.0  # in index 0 the query of position 2 lies below every key
    assert flat_directions(one_query, x) == N + 1
    # A single key on the other side, of one picture, undoes it.
    one_query[0, 2, 0, 0] = 1.0
    assert flat_directions(one_query, x) == N


def test_directions_that_no_input_reaches_do_not_count():
    rng = np.random.default_rng(3)
    x, signs = inputs(rng), rng.choice((-1.0, 1.0), (M, TOKENS, TOKENS, N))
    dead = np.concatenate([x, np.zeros((M, TOKENS, 2))], -1)
    assert flat_directions(signs, dead) == flat_directions(signs, x)


def test_ranks_are_exact_where_floating_point_is_not():
    tall = np.random.default_rng(4).integers(-3, 4, (200, 30))
    tall[:, 7] = tall[:, 2] - 2 * tall[:, 5]
    assert exact_rank(tall) == np.linalg.matrix_rank(tall) == 29
    # Hilbert's matrix in whole numbers is regular; in float64 it is not.
    common = 232792560 * 23 * 29 * 31
    hilbert = np.array([[common // (i + j + 1) for j in range(16)] for i in range(16)])
    assert exact_rank(hilbert) == 16
    assert np.linalg.matrix_rank(hilbert.astype(float)) < 16
    assert exact_rank(np.zeros((3, 2), int)) == 0


def test_what_is_no_whole_number_or_too_large_is_refused():
    signs = np.ones((M, TOKENS, TOKENS, N))
    with pytest.raises(ValueError, match="whole numbers"):
        flat_directions(signs, inputs(np.random.default_rng(5)) / 16)
    with pytest.raises(ValueError, match="beyond 2\\^53"):
        exact_rank(np.full((40, 2), 2**20))
