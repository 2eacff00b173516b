import pytest
import torch

from generation.engine.families.base import Conditioning

SHORT = Conditioning(torch.ones(1, 2, 3), torch.ones(1, 5))
EMPTY = Conditioning(torch.full((1, 2, 3), 7.0), torch.full((1, 5), 7.0))


def test_a_text_is_filled_up_with_another_and_keeps_what_it_says_as_a_whole():
    filled = SHORT.filled_up(6, EMPTY)
    assert torch.equal(filled.hidden, torch.cat([SHORT.hidden, EMPTY.hidden, EMPTY.hidden], dim=1))
    assert torch.equal(filled.pooled, SHORT.pooled)


@pytest.mark.parametrize("tokens", [1, 2])
def test_a_text_that_is_long_enough_stays_as_it_is(tokens):
    assert torch.equal(SHORT.filled_up(tokens, EMPTY).hidden, SHORT.hidden)


def test_rows_are_joined_in_their_order_and_taken_out_again():
    joined = Conditioning.join([SHORT, EMPTY, SHORT])
    assert (len(joined), joined.tokens) == (3, 2)
    last = joined.rows(slice(1, None))
    assert torch.equal(last.hidden, torch.cat([EMPTY.hidden, SHORT.hidden]))
    assert torch.equal(last.pooled, torch.cat([EMPTY.pooled, SHORT.pooled]))


def test_a_row_is_repeated():
    many = SHORT.repeated(4)
    assert (many.hidden.shape, many.pooled.shape) == ((4, 2, 3), (4, 5))


def test_numbers_go_where_the_texts_go():
    told = Conditioning(SHORT.hidden, SHORT.pooled, torch.tensor([[3.5]]))
    joined = Conditioning.join([told, told.filled_up(2, EMPTY)])
    assert joined.numbers.tolist() == [[3.5], [3.5]]
    assert len(joined.rows(slice(1)).tensors) == len(told.repeated(2).tensors) == 3


def test_a_family_without_pooled_texts_does_all_of_that_too():
    bare = Conditioning(SHORT.hidden)
    assert Conditioning.join([bare, bare.filled_up(2, bare)]).rows(slice(1)).repeated(2).pooled is None
