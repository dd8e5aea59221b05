"""Small documents of each kind, and files that only look like one."""

from __future__ import annotations

import io
import zipfile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

PDF_FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG_FILE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG_FILE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(8) + b"\xff\xd9"
TEXT_FILE = "Zpráva ze sezení.\r\n\tV pořádku.\n".encode()


def archive(*names: str, first: tuple[str, str] = ("[Content_Types].xml", "<Types/>")) -> bytes:
    """Return an archive of entries with a little text in each."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(*first)
        for name in names:
            file.writestr(name, "<x/>")
    return content.getvalue()


DOCX_FILE = archive("_rels/.rels", "word/document.xml")
ODT_FILE = archive("content.xml", first=("mimetype", ODT))
