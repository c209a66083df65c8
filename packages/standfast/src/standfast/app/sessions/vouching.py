"""Who else vouches for the record of a session."""

from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.reading import reading
from standfast.app.ledger.shards import earlier
from standfast.ledger.fields import ChainId


def witnesses_of(session: ChainId, known: Known, home: Home) -> tuple[str, ...]:
    """Return the witnesses of the published checkpoint that covers every event of *session*; none is unwitnessed.

    Raises:
        LedgerError: The log does not contain what was published, or a cosignature is forged.
    """
    for log in (known, *(shard.known for shard in earlier(known, home))):
        with reading(log) as reader:
            places = [index for index, _leaf in reader.store.chain(session)]
            if places:
                _note, checkpoint = reader.published()
                return reader.witnesses() if places[-1] < checkpoint.size else ()
    return ()
