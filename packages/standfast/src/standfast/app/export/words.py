"""What a bundle says to the person who opens it."""

README = """\
# {title}

{witnessed}

This is a copy of what the ledger `{origin}` recorded, for somebody who is to judge it and has no reason to believe us.
It is about {about}, and its checkpoint counts {size:,} entries.
It holds {population:,} changes (`population.csv`) and {objects:,} objects; {missing:,} objects are not held any more.
{erased:,} objects were erased on purpose: `retention.erased` and `retention.pruned` entries say when and why.

## Verify it

You need Python 3.11 and the package `cryptography`; no network, and no program of ours but the one file `verify.py`.
Read that file, or take it from a copy that you already have: whoever could change this bundle could change it too.

1. Write down the verifier key that you were given **by another way than this bundle** in a file `auditor.policy`:

       log <the verifier key of the ledger>
       quorum none

   Where witnesses cosign, name them and ask for them instead of `none`.
2. `python verify.py . --policy auditor.policy`
3. With the checkpoint that you kept from last time: add `--since FILE`. Keep the file `checkpoint` for next time.
   With your own list of people and keys (`NAME ssh-ed25519 AAAA...` in each line): add `--people FILE`.
   With the certificates of a time stamping authority that you believe: add `--tsa FILE.pem`.
4. `python verify.py selftest . --policy auditor.policy` harms copies and shows that it is noticed.

Exit codes: 0 proven, 1 violation, 2 incomplete (each gap is named), 3 could not check.

## Look into it

- `python verify.py population . --policy auditor.policy --against deployments.csv` compares with a list that **you**
  pulled from where things run (columns `deployment`, `artifact`, `commit`, `service`, `environment`, `at`; one of the
  first three is enough). What was deployed and is not logged is the finding that matters.
- `python verify.py sample . --policy auditor.policy --n 45 --seed WORD` draws changes by a word of yours.
- `python verify.py show . --policy auditor.policy SESSION` shows one change on one page, its gaps marked.
- `standfast replay SESSION --bundle . --policy auditor.policy` decides it again from what is in here, with the
  version of Standfast that `show` names.

## What is in it

| File | What it is |
|---|---|
| `checkpoint` | the signed head of the ledger, with the signatures of witnesses |
| `handover/` | where the ledger changed its key: the proof that the old key introduced the new one |
| `stamps/` | time stamps (RFC 3161) over checkpoints, and the text of each checkpoint |
| `tile/`, `tile/entries/` | the tree and its entries, in the form of C2SP tlog-tiles: other people's programs read it |
| `objects/sha256/` | statements, verdicts and their inputs, named by their digests |
| `population.csv`, `population.json` | every change that was open in the period |
| `assessment-results.json` | the decisions of the period in the form of OSCAL, for compliance tools |
| `policy` | the keys as the ledger's owner has them; compare, and do not pin them from here |
| `bundle.json` | what this bundle is about |
| `SHA256SUMS` | against accidents on the way; it proves nothing by itself |

## What it proves, and what it does not

Proven: the entries are those that were signed, none was changed, removed, put in or dated back since; the population is
complete as far as the ledger knows. Not proven: that what was never recorded did not happen. That is why the comparison
with your own list of deployments comes first.
Entries hold pseudonyms, digests and commitments; names and free text are not in this bundle.
"""


def readme(facts: dict[str, object], *, witnesses: tuple[str, ...]) -> bytes:
    """Return the page for the person who opens the bundle."""
    title = "Audit bundle" if witnesses else "Audit bundle (unwitnessed)"
    by = ", ".join(witnesses)
    witnessed = f"Witnessed by {by}." if witnesses else "Unwitnessed: nobody but the ledger itself vouches for it."
    return README.format(title=title, witnessed=witnessed, **facts).encode()
