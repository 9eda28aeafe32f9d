"""Streams follow from content: what is added or left out elsewhere changes no number."""

from entanglement.pipeline.seeds import Seeds


def test_more_networks_keep_the_earlier_ones():
    few, many = (Seeds.of(1, "toy", {"k": 2, "networks": count}) for count in (3, 30))
    assert few == many
    assert few != Seeds.of(1, "toy", {"k": 3, "networks": 3})
    assert few != Seeds.of(1, "other", {"k": 2, "networks": 3})


def test_cells_that_train_nothing_share_streams_unless_they_name_their_own():
    shared = Seeds.of(1, "toy", {})
    own = [shared.own({"k": k}) for k in (2, 3)]
    assert len({shared.entropy, *(one.entropy for one in own)}) == 3
    assert own[0] == Seeds.of(1, "toy", {}).own({"k": 2})
    assert own[0] != Seeds.of(2, "toy", {}).own({"k": 2})
