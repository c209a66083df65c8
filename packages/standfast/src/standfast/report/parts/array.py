"""Large JSON arrays, written item by item so that the items are never all held at once."""

import msgspec

_ENCODER = msgspec.json.Encoder()


class JsonArray:
    """An array that grows; `closed` gives its bytes."""

    def __init__(self) -> None:
        self.count = 0
        self._written = bytearray(b"[")

    def add(self, item: msgspec.Struct) -> None:
        """Write one more item."""
        if self.count:
            self._written += b","
        _ENCODER.encode_into(item, self._written, -1)
        self.count += 1

    def closed(self) -> bytearray:
        """Return the whole array; nothing may be added after."""
        self._written += b"]"
        return self._written
