import os
import subprocess
import sys

import pytest

from generation.engine.threads import engine_threads, keep_threads_from_spinning


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 2), (8, 7), (64, 63)])
def test_the_networks_leave_one_core_to_the_others_where_there_are_more_than_two(cores, threads):
    assert engine_threads(cores) == threads


def test_the_cores_of_this_machine_are_the_default():
    assert engine_threads() == engine_threads(os.cpu_count())


def test_threads_are_asked_to_sleep_while_they_wait():
    environ: dict[str, str] = {}
    keep_threads_from_spinning(environ)
    assert environ == {"OMP_WAIT_POLICY": "PASSIVE"}


def test_what_the_machines_owner_chose_is_respected():
    environ = {"OMP_WAIT_POLICY": "ACTIVE"}
    keep_threads_from_spinning(environ)
    assert environ == {"OMP_WAIT_POLICY": "ACTIVE"}


def test_asking_loads_no_torch_for_the_library_reads_the_wish_when_it_is_loaded():
    code = (
        "import sys, generation.engine.threads as t; t.keep_threads_from_spinning(); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_loading_a_model_sets_the_number_of_threads(tiny_folder):
    import torch

    from generation.engine.loading import load_family

    torch.set_num_threads(1)
    load_family(tiny_folder, device="cpu")
    assert torch.get_num_threads() == engine_threads()
