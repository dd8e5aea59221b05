"""ZIP files, as banks pack statements: unpacked in memory, and never beyond a fixed size."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kernel.errors import Problem, invalid_argument

MAGIC: Final = b"PK\x03\x04"
FILES_MAX_COUNT: Final = 100
UNPACKED_MAX_BYTES: Final = 64 * 1024 * 1024

_ENCRYPTED: Final = 0x1
# What the library raises on damaged files, as found by damaging some.
_DAMAGES: Final = (
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


def unpacked(content: bytes) -> Iterator[bytes]:
    """The files inside, one after the other."""
    left = UNPACKED_MAX_BYTES
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if _is_file(member)]
            if len(members) > FILES_MAX_COUNT:
                raise invalid_argument(f"A ZIP file has at most {FILES_MAX_COUNT} statements.")
            for member in members:
                if member.flag_bits & _ENCRYPTED:
                    raise invalid_argument("The ZIP file is encrypted.", hint="Unpack it first.")
                if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                    raise _damaged()
                with archive.open(member) as file:
                    # What the directory says about sizes is not to be believed.
                    found = file.read(left + 1)
                left -= len(found)
                if left < 0:
                    raise invalid_argument(
                        f"The ZIP file unpacks to more than {UNPACKED_MAX_BYTES} bytes.",
                        hint="Import the statements one by one.",
                    )
                yield found
    except _DAMAGES:
        raise _damaged() from None


def _is_file(member: ZipInfo) -> bool:
    return not member.filename.endswith("/") and not member.filename.startswith("__MACOSX/")


def _damaged() -> Problem:
    return invalid_argument(
        "The ZIP file is cut off or damaged.", hint="Unpack it, and import the statements in it."
    )
