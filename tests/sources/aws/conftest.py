"""One server for all tests of a process."""

from collections.abc import Iterator

import pytest
from tests.sources.aws.emulator import Emulated, emulated


@pytest.fixture(scope="session")
def server() -> Iterator[Emulated]:
    with emulated() as found:
        yield found


@pytest.fixture
def aws(server: Emulated, monkeypatch: pytest.MonkeyPatch) -> Emulated:
    """The server with nothing in it, and the environment of somebody who may do everything."""
    server.reset()
    for name, value in {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return server
