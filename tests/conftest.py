"""What tests of several folders share."""

import pytest

from mnist_edu.data import load_mnist


@pytest.fixture(scope="session")
def mnist():
    return load_mnist()
