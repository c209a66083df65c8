"""A policy says which logs and how many witnesses are believed, and no doubtful line of it is guessed at."""

import itertools

import pytest

from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.merkle import leaf_hash
from standfast.ledger.note import NoteSignature, add_signatures, cosign
from standfast.ledger.policy_file import MAX_LINES, MAX_POLICY_BYTES, parse_policy
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind
from standfast.model import LedgerError

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
OTHER_LOG = InsecureMemorySigner("ledger.example/orders/2026", b"o" * 32)
WITNESSES = {
    name: InsecureMemorySigner(f"{name.lower()}.example", f"{name:_<32}".encode(), SignatureKind.COSIGNATURE)
    for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")
}
HEAD = Checkpoint(LOG.name, 1, leaf_hash(b"x"))
LINES = [f"log {LOG.vkey}"] + [f"witness {name} {signer.vkey}" for name, signer in WITNESSES.items()]

# The example of the specification, with keys in it.
EXAMPLE = "\n".join(
    [
        *LINES,
        "group X-witnesses 2 X1 X2 X3",
        "",
        "# operated by another organisation",
        "group Y-witnesses any Y1 Y2 Y3",
        "group X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
        "",
    ]
)


def _signed(*names: str, log: InsecureMemorySigner = LOG) -> bytes:
    head = sign_checkpoint(Checkpoint(log.name, HEAD.size, HEAD.root), log)
    text = Checkpoint(log.name, HEAD.size, HEAD.root).text
    return add_signatures(head, [cosign(text, WITNESSES[name], 1_790_000_000 + at) for at, name in enumerate(names)])


def test_the_example_needs_two_of_one_group_and_one_of_the_other() -> None:
    """Of all sets of six witnesses, exactly those with two of X and one of Y make the quorum."""
    policy = parse_policy(EXAMPLE.encode())
    for count in range(7):
        for names in itertools.combinations(WITNESSES, count):
            of_x = sum(name.startswith("X") for name in names)
            enough = of_x >= 2 and count - of_x >= 1
            assert policy.is_satisfied_by([name.encode() for name in names]) is enough


def test_a_checkpoint_with_enough_cosignatures_is_trusted() -> None:
    """Log and quorum together make a checkpoint trusted, and everybody who vouches is named with the time."""
    trusted = parse_policy(EXAMPLE.encode()).accept(_signed("X1", "X3", "Y2"))

    assert trusted.checkpoint == HEAD
    assert [(seen.name, seen.at_s - 1_790_000_000) for seen in trusted.seen] == [
        ("x1.example", 0),
        ("x3.example", 1),
        ("y2.example", 2),
    ]


@pytest.mark.parametrize("names", [(), ("X1",), ("X1", "X2", "X3"), ("X1", "Y1", "Y2", "Y3")])
def test_a_checkpoint_with_too_few_is_not(names: tuple[str, ...]) -> None:
    """Without the quorum the error names who cosigned and what is asked for."""
    have = ", ".join(names) or "no witness"

    with pytest.raises(LedgerError, match=f"cosigned by {have}; the policy asks for X-and-Y"):
        parse_policy(EXAMPLE.encode()).accept(_signed(*names))


def test_a_witness_counts_once_however_often_it_signs() -> None:
    """Two lines of one witness are one witness."""
    policy = parse_policy("\n".join([*LINES, "group g 2 X1 X2", "quorum g", ""]).encode())
    twice = _signed("X1") + cosign(HEAD.text, WITNESSES["X1"], 5).line.encode()

    with pytest.raises(LedgerError, match="cosigned by X1;"):
        policy.accept(twice)


def test_a_forged_cosignature_refuses_the_checkpoint() -> None:
    """A wrong line of a known witness is not just missing: the checkpoint is refused."""
    forged = NoteSignature("y1.example", WITNESSES["Y1"].key_id, bytes(72))

    with pytest.raises(LedgerError, match="not over this text"):
        parse_policy(EXAMPLE.encode()).accept(add_signatures(_signed("X1", "X2", "Y2"), [forged]))


def test_a_log_of_the_policy_speaks_only_for_itself() -> None:
    """A known log that signs the head of another is not believed."""
    policy = parse_policy(f"log {LOG.vkey}\nlog {OTHER_LOG.vkey}\nquorum none\n".encode())
    line = NoteSignature(OTHER_LOG.name, OTHER_LOG.key_id, OTHER_LOG.sign(HEAD.text.encode()))
    stranger = InsecureMemorySigner(LOG.name, b"s" * 32)

    assert policy.accept(_signed(log=OTHER_LOG)).checkpoint.origin == OTHER_LOG.name
    with pytest.raises(LedgerError, match="no known key of the log itself"):
        policy.accept(add_signatures(sign_checkpoint(HEAD, stranger), [line]))


def test_witnesses_without_the_log_are_not_enough() -> None:
    """However many witnesses cosigned, the log itself must have signed."""
    stranger = InsecureMemorySigner(LOG.name, b"s" * 32)
    lines = [cosign(HEAD.text, witness, 1) for witness in WITNESSES.values()]

    with pytest.raises(LedgerError, match="no known key of the log itself"):
        parse_policy(EXAMPLE.encode()).accept(add_signatures(sign_checkpoint(HEAD, stranger), lines))


def test_no_witness_is_asked_for_by_name() -> None:
    """A policy says `quorum none` when it believes the log alone."""
    trusted = parse_policy(f"log {LOG.vkey}\nquorum none\n".encode()).accept(_signed("X1"))

    assert not trusted.witnessed


def test_lines_may_be_indented_and_spaced_and_carry_addresses() -> None:
    """Spaces and tabs between items, comments and empty lines change nothing; addresses are kept."""
    policy = parse_policy(
        f" \t# a comment\n\n  log\t{LOG.vkey}  https://ledger.example/payments \n"
        f"witness  W {WITNESSES['X1'].vkey}\thttps://w.example/\n\t\nquorum W\n".encode()
    )

    assert policy.logs[0].address == b"https://ledger.example/payments"
    assert policy.witnesses[0].address == b"https://w.example/"


def test_names_are_bytes_and_nothing_else() -> None:
    """A name is compared as it is written: a sign that only looks alike is another name."""
    kelvin = "\N{KELVIN SIGN}"
    policy = parse_policy(
        f"witness K {WITNESSES['X1'].vkey}\nwitness {kelvin} {WITNESSES['X2'].vkey}\nquorum {kelvin}\n".encode()
    )

    assert policy.is_satisfied_by([kelvin.encode()])
    assert not policy.is_satisfied_by([b"K"])


def test_a_name_that_is_not_utf8_is_a_name() -> None:
    """Any byte above ASCII may stand in a name."""
    vkey = WITNESSES["X1"].vkey.encode()

    assert parse_policy(b"witness \xff " + vkey + b"\nquorum \xff\n").is_satisfied_by([b"\xff"])


def test_a_group_is_not_satisfied_by_its_own_name() -> None:
    """Only witnesses make a quorum: the name of a group given for a witness counts for nothing."""
    policy = parse_policy(EXAMPLE.encode())

    assert not policy.is_satisfied_by([b"X-and-Y", b"X-witnesses", b"Y-witnesses"])


X1, X2 = WITNESSES["X1"].vkey, WITNESSES["X2"].vkey
SAME_KEY = InsecureMemorySigner("another-name.example", f"{'X1':_<32}".encode(), SignatureKind.COSIGNATURE).vkey
SAME_LOG_KEY = InsecureMemorySigner("another-name.example", b"l" * 32).vkey
NOT_POLICIES = {
    "nothing": ("", "no newline"),
    "no quorum": (f"log {LOG.vkey}\n", "0 quorum lines"),
    "two quorums": ("quorum none\nquorum none\n", "2 quorum lines"),
    "no newline at the end": (f"witness A {X1}\nquorum A", "no newline"),
    "CRLF": ("quorum none\r\n", "byte 11"),
    "a zero byte": ("quorum none\0\n", "byte 11"),
    "delete": ("quorum none\x7f\n", "byte 11"),
    "an unknown word": ("logs x\nquorum none\n", "line 1"),
    "a word in capitals": ("QUORUM none\n", "line 1"),
    "a log without key": ("log\nquorum none\n", "line 1: found 0 items"),
    "a log with a comment behind": (f"log {LOG.vkey} https://x #comment\nquorum none\n", "line 1: found 3 items"),
    "a log with a witness key": (f"log {X1}\nquorum none\n", "line 1: found a key of type 4"),
    "a witness without name": ("witness\nquorum none\n", "line 1: found no name"),
    "a witness without key": ("witness A\nquorum none\n", "line 1: found 0 items"),
    "a witness with a log key": (f"witness A {LOG.vkey}\nquorum A\n", "line 1: found a key of type 1"),
    "a broken key": (f"log {LOG.vkey[:-1]}\nquorum none\n", "line 1"),
    "a key that is not UTF-8": (f"log \udcff{LOG.vkey}\nquorum none\n", "line 1"),
    "a log twice": (f"log {LOG.vkey}\nlog {SAME_LOG_KEY}\nquorum none\n", "line 2: found a log whose public key"),
    "a witness twice": (f"witness A {X1}\nwitness B {SAME_KEY}\nquorum A\n", "line 2: found a witness whose public"),
    "a name twice": (f"witness A {X1}\nwitness A {X2}\nquorum A\n", "line 2: found the name"),
    "a group with the name of a witness": (f"witness A {X1}\ngroup A any A\nquorum A\n", "line 2: found the name"),
    "a witness called none": (f"witness none {X1}\nquorum none\n", "line 1: found the name"),
    "a group called none": (f"witness A {X1}\ngroup none any A\nquorum none\n", "line 2: found the name"),
    "none as a member": (f"witness A {X1}\ngroup g any A none\nquorum g\n", "line 2: found the member b'none'"),
    "an unknown member": ("group g any A\nquorum none\n", "line 1: found the member"),
    "a member defined later": (f"group g any A\nwitness A {X1}\nquorum g\n", "line 1: found the member"),
    "a group in itself": (f"witness A {X1}\ngroup g any A g\nquorum g\n", "line 2: found the member"),
    "a member twice in a group": (f"witness A {X1}\ngroup g any A A\nquorum g\n", "second time"),
    "a member of two groups": (f"witness A {X1}\ngroup g any A\ngroup h any A\nquorum h\n", "line 3"),
    "a group without members": ("group g any\nquorum none\n", "line 1: found 2 items"),
    "a threshold of zero": (f"witness A {X1}\ngroup g 0 A\nquorum g\n", "line 2: found the threshold"),
    "a threshold beyond the members": (f"witness A {X1}\ngroup g 2 A\nquorum g\n", "line 2: found the threshold"),
    "a threshold with a zero in front": (f"witness A {X1}\ngroup g 01 A\nquorum g\n", "line 2: found the threshold"),
    "a threshold in words": (f"witness A {X1}\ngroup g most A\nquorum g\n", "line 2: found the threshold"),
    "an unknown quorum": ("quorum A\n", "line 1: found quorum"),
    "a quorum before its witness": (f"quorum A\nwitness A {X1}\n", "line 1: found quorum"),
    "a quorum of two": (f"witness A {X1}\nquorum A none\n", "line 2: found quorum"),
    "too many lines": ("#\n" * (MAX_LINES + 1), "at most"),
    "too many bytes": ("#" * MAX_POLICY_BYTES + "\n", "at most"),
}


@pytest.mark.parametrize(("text", "problem"), NOT_POLICIES.values(), ids=NOT_POLICIES)
def test_a_doubtful_line_refuses_the_policy(text: str, problem: str) -> None:
    """A policy with any line that could be read in two ways is refused, and the line is named."""
    with pytest.raises(LedgerError) as refused:
        parse_policy(text.encode("utf-8", "surrogateescape"))

    assert any(problem in str(found) for found in refused.value.problems)


def test_all_wrong_lines_are_named_at_once() -> None:
    """Whoever mends a policy sees everything that is wrong with it."""
    with pytest.raises(LedgerError) as refused:
        parse_policy(b"logs x\nlog\nquorum A\n")

    assert [problem.where for problem in refused.value.problems] == ["line 1", "line 2", "line 3"]


def test_large_policies_are_read() -> None:
    """At least 32 logs, witnesses and groups fit into a policy."""
    logs = [InsecureMemorySigner(f"l{number}", bytes([number, 1] * 16)) for number in range(64)]
    signers = [
        InsecureMemorySigner(f"w{number}", bytes([number, 2] * 16), SignatureKind.COSIGNATURE) for number in range(64)
    ]
    lines = [f"log {signer.vkey}" for signer in logs]
    lines += [f"witness {signer.name} {signer.vkey}" for signer in signers]
    lines += [f"group g{number} any w{number}" for number in range(64)]
    members = " ".join(f"g{number}" for number in range(64))

    policy = parse_policy("\n".join([*lines, f"group all all {members}", "quorum all", ""]).encode())

    assert policy.is_satisfied_by([signer.name.encode() for signer in signers])
    assert not policy.is_satisfied_by([signer.name.encode() for signer in signers[1:]])
