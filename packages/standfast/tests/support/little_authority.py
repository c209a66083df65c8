"""A time stamping authority: ``openssl ts`` with certificates of its own, behind HTTP on the loopback interface."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standfast.ledger import der

_STAMP_INFO = "1.2.840.113549.1.9.16.1.4"
_CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = {naming}
"""
KEYS = {"rsa": ("rsa:2048",), "p256": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")}


class LittleAuthority:
    """Certificates in a folder, and what ``openssl ts`` answers with them."""

    def __init__(
        self,
        folder: Path,
        *,
        key: str = "rsa",
        digest: str = "sha256",
        naming: str = "sha256",
        uses: str = "critical,timeStamping",
        days: str = "30",
    ) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.root = folder / "root.pem"
        (folder / "serial").write_text("01\n", encoding="ascii")
        (folder / "ts.conf").write_text(_CONFIG.format(folder=folder, digest=digest, naming=naming), encoding="ascii")
        (folder / "uses.conf").write_text(f"extendedKeyUsage={uses}\nkeyUsage=critical,digitalSignature\n")
        kind = KEYS[key]
        self._openssl(
            *("req", "-x509", "-newkey", *kind, "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "30"),
            *("-subj", "/CN=Root of the authority"),
        )
        self._openssl("req", "-newkey", *kind, "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
        self._openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "tsa.pem"),
            *("-extfile", "uses.conf", "-days", days),
        )

    def answer(self, question: bytes) -> bytes:
        """Return what the authority answers to *question*."""
        (self.folder / "question").write_bytes(question)
        self._openssl(
            "ts", "-reply", "-config", "ts.conf", "-section", "tsa", "-queryfile", "question", "-out", "answer"
        )
        return (self.folder / "answer").read_bytes()

    def signed_anyway(self, content: bytes) -> bytes:
        """Return an answer with the stamp *content*, signed although the certificate may not be one for time stamps."""
        (self.folder / "content").write_bytes(content)
        self._openssl(
            *("cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256", "-econtent_type", _STAMP_INFO),
            *("-in", "content", "-signer", "tsa.pem", "-inkey", "tsa.key", "-outform", "DER", "-out", "signed"),
        )
        granted = der.encoded(der.SEQUENCE, der.number(0))
        return der.encoded(der.SEQUENCE, granted, (self.folder / "signed").read_bytes())

    def _openssl(self, *words: str) -> None:
        subprocess.run(("openssl", *words), cwd=self.folder, check=True, capture_output=True, timeout=60)


@contextmanager
def listening(status: int, kind: str, *answers: bytes, by: Sequence[LittleAuthority] = ()) -> Iterator[str]:
    """Give the address of a server that answers each question with *answers*, or as the first of *by* does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the protocol's
            question = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(b"".join(answers) if not by else by[0].answer(question))

        def log_message(self, *_words: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
        finally:
            server.shutdown()
