"""Files on their way to a message."""

from __future__ import annotations

from dataclasses import dataclass, field

from rehearsal.slack.conversation import File


@dataclass
class _Upload:
    name: str
    length: int
    content: bytes | None = None


@dataclass
class Uploads:
    """The uploads that were begun and are not shown yet."""

    _open: dict[str, _Upload] = field(default_factory=dict)
    _count: int = 0

    def begin(self, name: str, length: int) -> str:
        """Begin an upload of `length` bytes, and return the file's ID."""
        self._count += 1
        file_id = f"F{self._count:010d}"
        self._open[file_id] = _Upload(name, length)
        return file_id

    def take(self, file_id: str, content: bytes) -> bool:
        """Store a file's bytes. Returns whether the file is known and has the announced length."""
        upload = self._open.get(file_id)
        if upload is None or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def finish(self, file_id: str, title: str | None) -> File | None:
        """Return the file once its bytes have arrived; None before."""
        upload = self._open.get(file_id)
        if upload is None or upload.content is None:
            return None
        del self._open[file_id]
        return File(file_id, upload.name, title or upload.name, upload.content)
