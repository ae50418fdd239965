"""Where a ledger lies: a folder, a bucket, or a pack. Names are relative, with slashes."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError
from obstore.store import LocalStore, ObjectStore, from_url

from assay.errors import UsageError

# What reading a damaged archive raises, by trial of thousands of them.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


LARGEST_MEMBER = 2**30  # bytes; a few kilobytes of archive can claim to be more than fits into memory


class Denied(UsageError):
    """We may not or cannot read it: nothing can be said of what is there."""


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


class Objects(Protocol):
    """What a ledger is read from."""

    def get(self, name: str) -> bytes | None:
        """Return an object, None when there is none. Raises Denied when we may not read it."""

    def names(self) -> Iterator[str]:
        """Yield the name of every object."""


class Bucket:
    """A folder or an S3 bucket. Every write is whole or not at all."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def get(self, name: str) -> bytes | None:
        """Return an object, None when there is none. Raises Denied when we may not read it."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (BaseError, OSError) as error:
            raise Denied(f"{name} could not be read: {_first_line(error)}") from None

    def create(self, name: str, content: bytes) -> bool:
        """Write an object unless there is one of this name; whether it was written. Of several at once one succeeds."""
        try:
            obstore.put(self._store, name, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        except (BaseError, OSError) as error:
            raise UsageError(f"cannot write {name}: {_first_line(error)}") from None
        return True

    def replace(self, name: str, content: bytes) -> None:
        """Write an object, whatever is there."""
        try:
            obstore.put(self._store, name, content, use_multipart=False)
        except (BaseError, OSError) as error:
            raise UsageError(f"cannot write {name}: {_first_line(error)}") from None

    def delete(self, name: str) -> None:
        """Delete an object, if it is there and may be."""
        try:
            obstore.delete(self._store, name)
        except (FileNotFoundError, PermissionDeniedError):
            return  # somebody else did it, or the bucket keeps everything

    def names(self) -> Iterator[str]:
        """Yield the name of every object."""
        try:
            for several in obstore.list(self._store):
                yield from (str(each["path"]) for each in several)
        except (BaseError, OSError) as error:
            raise Denied(f"the list of objects could not be read: {_first_line(error)}") from None


class Pack:
    """A ledger in one file, to hand over: a ZIP archive whose members are its objects."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except _UNREADABLE as error:
            raise UsageError(f"{path} is no pack: {error}") from None
        listed = self._archive.namelist()
        if len(set(listed)) != len(listed):
            raise UsageError(f"{path} is no pack: it holds two members of one name")
        self._names = frozenset(listed)

    def get(self, name: str) -> bytes | None:
        """Return an object, None when there is none. Raises Denied when it is larger than we read."""
        if name not in self._names:
            return None
        if self._archive.getinfo(name).file_size > LARGEST_MEMBER:
            raise Denied(f"{name} could not be read: it is larger than {LARGEST_MEMBER} bytes")
        try:
            return self._archive.read(name)
        except _UNREADABLE:
            return b""  # a damaged member; whoever checks it finds it wrong

    def names(self) -> Iterator[str]:
        """Yield the name of every object."""
        yield from sorted(self._names)


def open_bucket(address: str, *, new: bool = False) -> Bucket:
    """Open the folder or bucket at an address, `folder` or `s3://bucket/prefix`.

    Credentials and endpoint of S3 come from the environment. Raises UsageError when it cannot be opened; a folder is
    only made when `new`.
    """
    if "://" in address:
        try:
            if address.startswith(("s3://", "s3a://")):  # with object lock, S3 takes nothing without a checksum
                return Bucket(from_url(address, checksum_algorithm="SHA256"))
            return Bucket(from_url(address))
        except (BaseError, ValueError) as error:
            raise UsageError(f"cannot open {address}: {_first_line(error)}") from None
    path = Path(address)
    if not new and not path.is_dir():
        raise UsageError(f"there is no ledger at {address}; make one with `assay ledger init {address}`")
    try:
        path.mkdir(parents=True, exist_ok=True)
        return Bucket(LocalStore(path.resolve()))
    except (OSError, BaseError) as error:
        raise UsageError(f"cannot open {address}: {error}") from None


def open_objects(address: str) -> Objects:
    """Open a ledger or a pack for reading. Raises UsageError when there is neither."""
    if "://" not in address and Path(address).is_file():
        return Pack(Path(address))
    return open_bucket(address)


def write_pack(objects: Objects, target: Path) -> int:
    """Write every object into one file, byte for byte the same each time; return how many. Raises UsageError."""
    try:
        names = sorted(objects.names())
        if not names:
            raise UsageError("there is no ledger: nothing is where it is said to be, and no pack was written")
        with zipfile.ZipFile(target, "x", compression=zipfile.ZIP_DEFLATED) as archive:
            count = 0
            for name in names:
                content = objects.get(name)
                if content is not None and not name.startswith("pending/"):
                    archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
                    count += 1
            return count
    except (OSError, Denied) as error:
        raise UsageError(f"cannot write {target}: {error}") from None
