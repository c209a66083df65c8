"""The tamper-evident log: leaves, trees of hashes, signatures, change sessions and duties."""
