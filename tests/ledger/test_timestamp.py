"""Time-stamps by an authority of our own (openssl), verified offline; wrong told apart from unverifiable."""

import dataclasses
import datetime
import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.ledger.worlds import Memory, ledger, run, signer

from assay.errors import UsageError
from assay.ledger.keys import new_signer, write_key
from assay.ledger.log import CHECKPOINT, append, initialise
from assay.ledger.store import open_bucket
from assay.ledger.timestamp import read_authority, request_stamp, stamp_name
from assay.ledger.verify import State, Step, verify
from assay.operations import keeping
from assay.operations.stamping import stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the authority is openssl's")
TODAY = datetime.datetime.now(datetime.UTC)
KEY = signer().public

CONFIG = """\
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclasses.dataclass(frozen=True)
class Tsa:
    """An authority: a root, one certificate between, and the one that signs."""

    folder: Path

    @property
    def certificates(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, request: bytes) -> bytes:
        (self.folder / "request").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "config", "-queryfile", "request", "-out", "reply"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()


def certificate(
    name: str,
    issuer: tuple[x509.Certificate, EllipticCurvePrivateKey] | None,
    *,
    authority: bool,
    days: int = 30,
) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY - datetime.timedelta(days=60))
        .not_valid_after(TODAY + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if name != "Stamps":
        # DER sorts the certificates of a response, shorter ones first, and openssl puts the one that signs first.
        names = x509.SubjectAlternativeName([x509.DNSName("long." * 20 + "example.org")])
        builder = builder.add_extension(names, critical=False)
    else:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def make_tsa(folder: Path, *, between_is_authority: bool = True, days: int = 30) -> Tsa:
    root = certificate("Root", None, authority=True)
    between = certificate("Between", root, authority=between_is_authority)
    leaf = certificate("Stamps", between, authority=False, days=days)
    folder.mkdir()

    def pem(*several: x509.Certificate) -> bytes:
        return b"".join(each.public_bytes(Encoding.PEM) for each in several)

    (folder / "root.pem").write_bytes(pem(root[0]))
    (folder / "chain.pem").write_bytes(pem(between[0]))
    (folder / "tsa.pem").write_bytes(pem(leaf[0]))
    (folder / "tsa.key").write_bytes(leaf[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01\n")
    (folder / "config").write_text(CONFIG.format(folder=folder))
    return Tsa(folder)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return make_tsa(tmp_path_factory.mktemp("tsa") / "own")


def note_of(memory: Memory) -> bytes:
    return memory.objects[CHECKPOINT]


@pytest.fixture(scope="module")
def stamped(tsa: Tsa) -> Memory:
    memory = ledger((3, 0, 262))
    content, at = request_stamp(note_of(memory), tsa.answer)
    assert abs(at - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=5)
    memory.objects[stamp_name(268)] = content
    return memory


def step_of(memory: Memory, certificates: Path | None) -> Step:
    found = verify(memory, KEY, authority=read_authority(certificates) if certificates else None)
    others = [each for each in found.steps if each.name != "time-stamps" and each.asked]
    assert all(each.state is State.PASSED for each in others), others
    (step,) = [each for each in found.steps if each.name == "time-stamps"]
    return step


def test_a_time_stamp_is_verified_with_the_authoritys_root(stamped: Memory, tsa: Tsa) -> None:
    step = step_of(stamped, tsa.certificates)
    assert step.state is State.PASSED
    assert step.detail.startswith("1 of 3 states; 268 of 268 entries were there at ")


def test_without_certificates_it_is_not_checked_and_leaves_nothing_open(stamped: Memory) -> None:
    step = step_of(stamped, None)
    assert (step.state, step.asked) == (State.NOT_CHECKED, False)
    assert verify(stamped, KEY).passed


def test_a_ledger_without_time_stamps_leaves_the_question_open_when_it_is_asked(tsa: Tsa) -> None:
    step = step_of(ledger((3,)), tsa.certificates)
    assert (step.state, step.asked, step.detail) == (State.NOT_CHECKED, True, "time-stamps: there are none")


def test_another_authority_is_unverifiable_not_wrong(stamped: Memory, tmp_path: Path) -> None:
    other = certificate("Elsewhere", None, authority=True)[0]
    (tmp_path / "other.pem").write_bytes(other.public_bytes(Encoding.PEM))
    step = step_of(stamped, tmp_path / "other.pem")
    assert step.state is State.NOT_CHECKED
    assert "leads to no certificate given" in step.detail


def test_a_root_that_has_the_name_and_not_the_key_did_not_issue_it(stamped: Memory, tmp_path: Path) -> None:
    (tmp_path / "same.pem").write_bytes(certificate("Root", None, authority=True)[0].public_bytes(Encoding.PEM))
    step = step_of(stamped, tmp_path / "same.pem")
    assert (step.state, step.subject) == (State.FAILED, stamp_name(268))


def test_who_is_no_authority_cannot_make_one(tmp_path: Path) -> None:
    """A certificate that the root issued for something else signs another one."""
    rogue = make_tsa(tmp_path / "rogue", between_is_authority=False)
    memory = ledger((3,))
    memory.objects[stamp_name(4)], _ = request_stamp(note_of(memory), rogue.answer)
    step = step_of(memory, rogue.certificates)
    assert step.state is State.FAILED
    assert step.detail.endswith("its signature does not verify: invalid CA certificate")


def test_a_certificate_that_had_expired_stamps_nothing(tmp_path: Path) -> None:
    late = make_tsa(tmp_path / "late", days=-1)
    memory = ledger((3,))
    memory.objects[stamp_name(4)], _ = request_stamp(note_of(memory), late.answer)
    step = step_of(memory, late.certificates)
    assert step.state is State.FAILED
    assert step.detail.endswith("its signature does not verify: certificate has expired")


def test_a_time_stamp_of_another_state_is_wrong_even_without_certificates(stamped: Memory) -> None:
    moved = Memory(stamped.objects)
    moved.objects[stamp_name(4)] = moved.objects.pop(stamp_name(268))
    step = step_of(moved, None)
    assert (step.state, step.subject) == (State.FAILED, stamp_name(4))
    assert "not about the checkpoint" in step.detail


@pytest.mark.parametrize("name", [stamp_name(6), "timestamps/x", "timestamps/004/x"])
def test_a_time_stamp_of_no_state_is_wrong(stamped: Memory, name: str) -> None:
    more = Memory(stamped.objects)
    more.objects[name] = more.objects[stamp_name(268)]
    step = step_of(more, None)
    assert (step.state, step.subject) == (State.FAILED, name)
    assert "about no state of this log" in step.detail


def test_every_changed_byte_is_found(stamped: Memory, tsa: Tsa) -> None:
    """Some bytes lie outside of what is signed; none of them is taken for a verified time-stamp of something else."""
    from assay.ledger.timestamp import check_stamp

    good, note, authority = stamped.objects[stamp_name(268)], note_of(stamped), read_authority(tsa.certificates)
    at = check_stamp(good, note, authority)
    passed = 0
    for place in range(0, len(good), 3):
        changed = bytearray(good)
        changed[place] ^= 0x01
        try:
            assert check_stamp(bytes(changed), note, authority) == at
        except ValueError:
            continue
        passed += 1
    assert passed <= len(good) // 3 // 20, passed


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"x" * 5000, b"\x30\x84\xff\xff\xff\xff"])
def test_what_is_no_time_stamp_is_wrong(stamped: Memory, content: bytes) -> None:
    memory = Memory(stamped.objects)
    memory.objects[stamp_name(268)] = content
    assert step_of(memory, None).state is State.FAILED


def test_an_answer_to_another_request_is_refused(tsa: Tsa, stamped: Memory) -> None:
    with pytest.raises(UsageError, match="it answers another request"):
        request_stamp(note_of(stamped), lambda _: stamped.objects[stamp_name(268)])
    with pytest.raises(UsageError, match="is no time-stamp"):
        request_stamp(note_of(stamped), lambda _: b"<html>")


def test_without_what_reads_them_time_stamps_are_not_checked_and_none_is_asked_for(
    stamped: Memory, tsa: Tsa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    step = step_of(stamped, tsa.certificates)
    assert (step.state, step.asked) == (State.NOT_CHECKED, True)
    assert "pip install 'assay[timestamps]'" in step.detail
    assert verify(stamped, KEY).passed
    with pytest.raises(UsageError, match=r"pip install 'assay\[timestamps\]'"):
        request_stamp(note_of(stamped), tsa.answer)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_certificates_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.pem").write_bytes(content)
    with pytest.raises(UsageError, match=r"c\.pem holds no"):
        read_authority(tmp_path / "c.pem")


def test_certificates_without_a_root_are_refused(tsa: Tsa) -> None:
    with pytest.raises(UsageError, match="holds no root"):
        read_authority(tsa.folder / "chain.pem")


@pytest.fixture
def address(tsa: Tsa) -> Iterator[str]:
    """The authority over HTTP."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            request = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(tsa.answer(request) if self.path == "/tsa" else b"x" * 1_000_001)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_ledger_is_stamped_once_and_verified_from_its_pack(tmp_path: Path, tsa: Tsa, address: str) -> None:
    place, key = tmp_path / "ledger", new_signer("example.org/log")
    write_key(key, tmp_path / "ledger.key")
    bucket = open_bucket(str(place), new=True)
    initialise(bucket, key)
    with pytest.raises(UsageError, match="is empty"):
        stamp(str(place), f"{address}/tsa")
    append(bucket, key, run("one", 3))
    made = stamp(str(place), f"{address}/tsa")
    assert (made.size, made.new) == (4, True)
    assert dataclasses.replace(made, new=False) == stamp(str(place), f"{address}/tsa")
    public = tmp_path / "ledger.key.pub"
    found = keeping.verify_evidence(str(place), public, None, again=False, authority=tsa.certificates)
    assert found.passed, found.steps


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1", "http://127.0.0.1:1/", "http://["])
def test_an_authority_that_does_not_answer_changes_nothing(tmp_path: Path, url: str) -> None:
    place, key = tmp_path / "ledger", new_signer("example.org/log")
    bucket = open_bucket(str(place), new=True)
    initialise(bucket, key)
    append(bucket, key, run("one", 3))
    before = sorted(bucket.names())
    with pytest.raises(UsageError, match=r"expected the http address|did not answer"):
        stamp(str(place), url)
    assert sorted(bucket.names()) == before


def test_an_answer_without_end_is_cut_off(tmp_path: Path, address: str) -> None:
    place, key = tmp_path / "ledger", new_signer("example.org/log")
    bucket = open_bucket(str(place), new=True)
    initialise(bucket, key)
    append(bucket, key, run("one", 3))
    with pytest.raises(UsageError, match="more than 1000000 bytes"):
        stamp(str(place), f"{address}/much")
