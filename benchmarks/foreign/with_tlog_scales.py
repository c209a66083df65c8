"""Run by the interpreter of tlog-scales: read the log, verify its notes, compare every proof with its own.

``python with_tlog_scales.py LOG PROOFS``; ends with an error where anything differs.
"""

import json
import sys
from base64 import b64decode
from pathlib import Path

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import ConsistencyProof, InclusionProof
from tlog_scales.utils import sha256


def main() -> None:
    """Verify everything."""
    log, facts = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    (about,) = facts["log"]
    reader = TilesReader(LocalBackend(log))
    checkpoint = reader.get_checkpoint()
    keys = VkeySet(Vkey.from_string(about["vkey"]), Vkey.from_string(about["witness"]))
    assert len(keys.verify(checkpoint.signatures, checkpoint)) == 2
    root = checkpoint.root_hash
    assert reader.calculate_root_hash() == root == b64decode(about["root"])
    for fact in facts["inclusion"]:
        leaf, hashes = b64decode(fact["leaf"]), [b64decode(line) for line in fact["proof"]]
        assert sha256(b"\0" + reader.get_entry(fact["index"])) == leaf
        assert reader.get_inclusion_proof(fact["index"], checkpoint.size).node_hashes == hashes
        InclusionProof(fact["index"], checkpoint.size, hashes).check(leaf, root)
    for fact in facts["consistency"]:
        hashes = [b64decode(line) for line in fact["proof"]]
        assert reader.get_consistency_proof(fact["old"], checkpoint.size).node_hashes == hashes
        ConsistencyProof(fact["old"], checkpoint.size, hashes).check(b64decode(fact["root"]), root)


main()
