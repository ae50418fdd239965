"""Start scripts: what they install, start and run counts; what they only mention does not."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.assessment.scripts import Trace, traces


def named(script: str, kind: str) -> list[str]:
    return [each.text for each in traces(script) if each.kind == kind]


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("yum install -y postgresql15-server httpd", ["postgresql15-server", "httpd"]),
        ("dnf -y install redis6", ["redis6"]),
        ("sudo -u root apt-get install -y rabbitmq-server", ["rabbitmq-server"]),
        ("DEBIAN_FRONTEND=noninteractive apt install mysql-server", ["mysql-server"]),
        ("/usr/bin/yum install memcached", ["memcached"]),
        ("if true; then yum install jenkins; fi", ["jenkins"]),
        ("apt-get update && apt-get install -y slapd", ["slapd"]),
        ("(apk add redis)", ["redis"]),
        ('bash -c "yum install -y mongodb-org"', ["mongodb-org"]),
        ("yum install -y \\\n  gitlab-ee", ["gitlab-ee"]),
        ("  - yum install -y kafka", ["kafka"]),
        ("- [ yum, install, -y, kafka ]", ["kafka"]),
        ('yum install -y "postgresql15-server"', ["postgresql15-server"]),
        ("#cloud-config\npackages:\n  - nginx\n  - [mysql-server, 8.0]\nruncmd:\n  - ls", ["nginx", "mysql-server"]),
    ],
)
def test_packages_that_are_installed(line: str, packages: list[str]) -> None:
    assert named(line, "package") == packages


@pytest.mark.parametrize(
    "line",
    [
        "# yum install -y mysql-server",
        "ls # yum install -y mysql-server",
        'echo "yum install -y mysql-server"',
        "yum install # mysql-server, one day",
        "yum remove -y mysql-server",
        "yum info mysql-server",
        "if ! command -v mysql-server; then exit 1; fi",
        "cat <<EOF > /etc/motd\nyum install -y mysql-server\nEOF",
        "cat > readme <<'END'\napt-get install -y mysql-server\nEND",
        "packages:\n  - mysql-server",  # no cloud-config
    ],
)
def test_what_is_only_mentioned_is_no_package(line: str) -> None:
    assert named(line, "package") == []


def test_a_script_that_is_written_counts_and_what_follows_a_text_does() -> None:
    assert named("cat <<EOF > /opt/setup.sh\nyum install -y jenkins\nEOF\n", "package") == ["jenkins"]
    assert named("cat <<EOF > notes\nhello\nEOF\nyum install -y jenkins\n", "package") == ["jenkins"]


@pytest.mark.parametrize("line", ["x=$((1<<2))", "read a <<< word", 'grep x <<<"$y"', "cat <<NEVER"])
def test_what_looks_like_the_start_of_a_text_swallows_nothing(line: str) -> None:
    assert named(f"{line}\nyum install -y jenkins", "package") == ["jenkins"]


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("systemctl enable --now postgresql-15.service", ["postgresql-15"]),
        ("systemctl start redis nginx", ["redis", "nginx"]),
        ("service jenkins start", ["jenkins"]),
        ("chkconfig mysqld on", ["mysqld"]),
        ("Start-Service -Name MSSQLSERVER", ["MSSQLSERVER"]),
        ("systemctl stop postgresql", []),
        ("systemctl status postgresql", []),
        ("service jenkins status", []),
    ],
)
def test_services_that_are_started(line: str, units: list[str]) -> None:
    assert named(line, "unit") == units


@pytest.mark.parametrize(
    ("line", "images"),
    [
        ("docker run -d --name db -p 5432:5432 -e A=b postgres:16", ["postgres:16"]),
        ("docker run --name=db postgres", ["postgres"]),
        ("docker run --rm -it --privileged registry.example:5000/redis redis-cli", ["registry.example:5000/redis"]),
        ("podman pull docker.io/library/mongo", ["docker.io/library/mongo"]),
        ("docker run -d", []),
        ("docker stop postgres", []),
        ("docker exec -it db psql", []),
        ("cat <<EOF > docker-compose.yml\nservices:\n  db:\n    image: 'mongo:6'\nEOF", ["mongo:6"]),
        ("  - image: rabbitmq:3", ["rabbitmq:3"]),
    ],
)
def test_images_that_are_run(line: str, images: list[str]) -> None:
    assert named(line, "image") == images


def test_a_feature_of_windows_is_a_command_with_its_names() -> None:
    said = "Install-WindowsFeature -Name AD-Domain-Services,DNS -IncludeManagementTools"
    assert named(said, "command") == ["install-windowsfeature AD-Domain-Services DNS"]


def _hostile() -> Iterator[str]:
    yield '"' * 20_000
    yield "'" * 20_000 + '"\\' * 20_000
    yield "\\\n" * 20_000
    yield "bash -c " * 3_000
    yield "(" * 50_000
    yield "cat <<A\n" * 5_000
    yield "#cloud-config\npackages:\n" + "  - x\n" * 20_000
    yield "yum install " + "a " * 20_000
    yield "\x00yum\x00install\x00"


@pytest.mark.parametrize("script", list(_hostile()), ids=range(9))
def test_a_hostile_script_takes_no_time_and_raises_nothing(script: str) -> None:
    import time

    start = time.process_time()
    assert all(isinstance(each, Trace) for each in traces(script))
    assert time.process_time() - start < 2


@given(st.text(alphabet="yuminstal -\"'\\\n#;|&<>EOF$()`\x00:é", max_size=200))
def test_any_text_is_read_without_a_fault(script: str) -> None:
    assert all(each.kind in ("package", "unit", "image", "command") for each in traces(script))
