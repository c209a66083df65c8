"""How many branches of a file were taken, over all reports: for certain, and at most."""

from collections.abc import Mapping

import msgspec

from standfast.evidence.coverage.schema import FileCoverage


class Branches(msgspec.Struct, frozen=True):
    """Of ``total`` branches at least ``least`` and at most ``most`` were taken.

    ``missed`` are the lines with one that perhaps was not. ``open`` says for each of them the same three numbers;
    None where only the file's are known.
    """

    total: int
    least: int
    most: int
    missed: frozenset[int] = frozenset()
    open: Mapping[int, tuple[int, int, int]] | None = None


def branches_of(file: FileCoverage) -> Branches:
    """Return the branches of *file* in one report."""
    lines = dict(zip(file.missed_branches, file.partly_taken, strict=False))
    untaken = sum(total - taken for taken, total in lines.values())
    told = len(lines) == len(file.missed_branches) and untaken == file.branches - file.branches_covered
    return Branches(
        file.branches,
        file.branches_covered,
        file.branches_covered,
        frozenset(file.missed_branches),
        {line: (total, taken, taken) for line, (taken, total) in lines.items()} if told else None,
    )


def together(ours: Branches | None, theirs: Branches | None) -> Branches | None:
    """Return the branches of a file over two views of it; None stands for a view without branch data.

    Two that took one way of a decision each may have taken the same: that is one for certain, and two at most.
    """
    if ours is None or theirs is None:
        one = ours or theirs
        return one and msgspec.structs.replace(one, most=one.total, open=None)
    if ours.total != theirs.total:
        return unproven(max(ours, theirs, key=lambda view: view.total))
    lines = _lines_together(ours, theirs)
    if lines is None:
        better = max(ours, theirs, key=lambda view: view.least)
        return Branches(ours.total, better.least, min(ours.total, ours.most + theirs.most), better.missed)
    return Branches(
        ours.total,
        ours.total - sum(total - least for total, least, _ in lines.values()),
        ours.total - sum(total - most for total, _, most in lines.values()),
        frozenset(lines),
        lines,
    )


def unproven(view: Branches | None) -> Branches | None:
    """Return *view* without anything that is certain."""
    return view and msgspec.structs.replace(view, least=0, most=view.total, open=None)


def _lines_together(ours: Branches, theirs: Branches) -> dict[int, tuple[int, int, int]] | None:
    if ours.open is None or theirs.open is None:
        return None
    lines = {}
    for line in ours.open.keys() & theirs.open.keys():  # one that is open in one view only is fully taken in the other
        (total, least, most), (other, also, further) = ours.open[line], theirs.open[line]
        if total != other:
            return None
        lines[line] = (total, max(least, also), min(total, most + further))
    return lines
