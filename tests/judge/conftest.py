"""One warm process of each language for all tests of the judge."""

import pytest

from interview_cli.judge.nursery import nursery


@pytest.fixture(scope="session")
def numpy_nursery():
    with nursery("numpy") as born:
        yield born


@pytest.fixture(scope="session")
def torch_nursery():
    with nursery("torch") as born:
        yield born
