import pytest
import torch
from torch import nn

from generation.engine.exactness import RowCounts, RowLinear, in_exact_batches, random_batch, use_row_linears


class Network:
    """Stands for a network: gives each row a number of its own, and what the company adds to it.

    company: called with a batch's latents; what it returns is added to the rows.
    sizes: rows of every batch that was run.
    """

    def __init__(self, company=None) -> None:
        self.company = company or torch.zeros_like
        self.sizes: list[int] = []

    def __call__(self, rows: torch.Tensor, timesteps: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        self.sizes.append(len(rows))
        own = rows + timesteps.view(-1, 1, 1, 1) + text.sum(dim=(1, 2)).view(-1, 1, 1, 1)
        return own + self.company(rows)

    def one_at_a_time(self, batch) -> torch.Tensor:
        return torch.cat([self(*(part[i : i + 1] for part in batch)) for i in range(len(batch[0]))])


def batch_of(rows: int):
    return random_batch(rows, (2, 3, 3), [(4, 5)], torch.empty(0))


def counts_of(network: Network, largest: int = 8) -> RowCounts:
    return RowCounts(network, batch_of(largest))


def odd_numbers_of_rows_round_otherwise(rows):
    return torch.full_like(rows, len(rows) % 2 * 1e-3)


def beyond_two_rows_the_place_matters(rows):
    places = torch.arange(len(rows)).view(-1, 1, 1, 1) * (len(rows) > 2)
    return torch.zeros_like(rows) + places * 1e-3


def a_second_thread_rounds_some_rows_otherwise(rows):
    """Those above the only one that a move by one place takes from the first thread's half to the second's."""
    above = rows[:, :1, :1, :1] > batch_of(8)[0][3, 0, 0, 0]
    second = (torch.arange(len(rows)) >= len(rows) / 2).view(-1, 1, 1, 1) & (len(rows) > 2)
    return (above & second) * 1e-3 + torch.zeros_like(rows)


def rows_leak_into_one_another(rows):
    return rows.mean(dim=0, keepdim=True).expand_as(rows)


def test_a_network_that_knows_no_company_runs_any_number_of_rows_unpadded():
    counts = counts_of(Network())
    assert [counts.padded(rows) for rows in range(1, 12)] == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]


def test_numbers_of_rows_that_round_otherwise_are_padded_to_the_next_that_does_not():
    counts = counts_of(Network(odd_numbers_of_rows_round_otherwise))
    assert [counts.padded(rows) for rows in range(1, 9)] == [2, 2, 4, 4, 6, 6, 8, 8]


def test_where_the_place_in_a_batch_matters_smaller_batches_are_used():
    assert counts_of(Network(beyond_two_rows_the_place_matters)).largest == 2


def test_every_row_is_tried_in_both_threads():
    assert counts_of(Network(a_second_thread_rounds_some_rows_otherwise)).largest == 2


def test_a_network_whose_rows_leak_runs_one_row_at_a_time():
    counts = counts_of(Network(rows_leak_into_one_another))
    assert [counts.padded(rows) for rows in (1, 3, 8)] == [1, 1, 1]


def test_few_numbers_of_rows_are_tried_where_hardly_any_is_exact():
    network = Network(lambda rows: torch.full_like(rows, 1e-3 * (len(rows) != 64)))
    assert counts_of(network, largest=64).padded(5) == 64
    assert network.sizes == [64, 64, 64, 5, 6, 8, 16, 32]


def test_a_number_of_rows_is_tried_when_it_is_first_needed_and_never_again():
    network = Network()
    counts = counts_of(network)
    assert network.sizes == [8, 8, 8]
    for _ in range(3):
        counts.padded(3)
    assert network.sizes == [8, 8, 8, 3]


@pytest.mark.parametrize(
    "company",
    [
        None,
        odd_numbers_of_rows_round_otherwise,
        beyond_two_rows_the_place_matters,
        rows_leak_into_one_another,
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 3, 7, 8, 9, 21])
def test_a_row_has_the_same_bits_in_exact_batches_of_any_number_of_rows(company, rows):
    network = Network(company)
    counts = counts_of(network)
    everybody = batch_of(21)
    all_rows = in_exact_batches(network, everybody, counts)
    some = tuple(part[:rows] for part in everybody)
    assert torch.equal(in_exact_batches(network, some, counts), all_rows[:rows])


def test_a_network_whose_rows_leak_gives_what_each_row_gives_alone():
    network = Network(rows_leak_into_one_another)
    batch = batch_of(5)
    assert torch.equal(in_exact_batches(network, batch, counts_of(network)), network.one_at_a_time(batch))


def test_random_batches_are_the_same_every_time_and_no_two_rows_are_alike():
    first, second = batch_of(6), batch_of(6)
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))
    assert len(first[0].unique(dim=0)) == 6


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8, 13])
def test_a_row_linear_gives_a_row_the_bits_that_it_has_alone(rows):
    torch.manual_seed(0)
    layer = RowLinear(nn.Linear(192, 160))
    x = torch.randn(rows, 40, 192)
    alone = torch.cat([layer(row) for row in x.split(1)])
    assert torch.equal(layer(x), alone)


def test_row_linears_replace_every_linear_layer_on_the_same_weights_and_change_no_result():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(8, 16), nn.ModuleDict({"deep": nn.Linear(16, 4, bias=False)})["deep"], nn.SiLU())
    before = {name: weight.data_ptr() for name, weight in network.named_parameters()}
    x = torch.randn(3, 8)
    expected = network(x)
    use_row_linears(network)
    assert not any(isinstance(module, nn.Linear) for module in network.modules())
    assert {name: weight.data_ptr() for name, weight in network.named_parameters()} == before
    assert torch.allclose(network(x), expected, atol=1e-6)


def test_row_linears_reach_layers_of_any_depth():
    network = nn.Sequential(nn.Sequential(nn.Sequential(nn.Linear(2, 2))))
    use_row_linears(network)
    assert isinstance(network[0][0][0], RowLinear)
