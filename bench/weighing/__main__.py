"""python -m bench.weighing: learn the weights and write them; --check compares, --apart leaves each set out once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from multiprocessing import Pool

from bench.weighing import questions, safety

JUDGEMENTS = {"safety": safety, "questions": questions}


def main() -> int:
    """Write the tables, or with --check say whether they are what would be written; 1 where one is not."""
    parser = argparse.ArgumentParser(prog="python -m bench.weighing", description=__doc__)
    parser.add_argument("--only", choices=JUDGEMENTS, help="one judgement alone")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the tables are as learned")
    parser.add_argument("--apart", action="store_true", help="write nothing; each set judged by what the others taught")
    asked = parser.parse_args()
    names = [asked.only] if asked.only else list(JUDGEMENTS)
    if asked.apart:
        for name in names:
            sys.stdout.writelines(f"{line}\n" for line in _apart(name))
        return 0
    return max(_written(name, check=asked.check) for name in names)


def _written(name: str, *, check: bool) -> int:
    judgement = JUDGEMENTS[name]
    anew = judgement.table()
    same = judgement.TABLE.read_text("utf-8") == anew
    if not check:
        judgement.TABLE.write_text(anew, "utf-8")
    print(f"{name}: {anew.count(chr(10))} lines, {'as before' if same else 'not as it stood'}")
    return int(check and not same)


def _apart(name: str) -> Iterator[str]:
    """Each set judged by what the others taught: by that alone, and with the rules where these had not seen it."""
    judgement = JUDGEMENTS[name]
    yield f"{name}: what was looked for and found, and told of the rest, of sets left out one by one"
    sums: dict[bool, list[int]] = {False: [0] * 6, True: [0] * 6}
    with Pool() as pool:
        for left_out, counts in pool.imap(_one, [(name, each) for each in judgement.SETS]):
            known = left_out in judgement.KNOWN_TO_RULES
            yield f"  {left_out}: {_line(counts, rules=not known)}"
            sums[known] = [before + more for before, more in zip(sums[known], counts, strict=True)]
    yield f"  sets the rules know, together: {_line(sums[True], rules=False)}"
    yield f"  sets new to the rules, together: {_line(sums[False], rules=True)}"


def _one(asked: tuple[str, str]) -> tuple[str, list[int]]:
    """The set, and of it: wanted, found by what was learned, found with rules; the rest, told by each."""
    name, left_out = asked
    judgement = JUDGEMENTS[name]
    weights = judgement.learned(without=left_out)
    counts = []
    for wanted in (True, False):
        texts = [text for text, label in judgement.of(left_out) if label is wanted]
        by_each = [sum(judgement.told(weights, text, rules=rules) for text in texts) for rules in (False, True)]
        counts += [len(texts), *by_each]
    return left_out, counts


def _line(counts: list[int], *, rules: bool) -> str:
    wanted, learned, both, rest, learned_wrong, both_wrong = counts
    line = f"learned alone {_share(learned, wanted)} found, {_share(learned_wrong, rest)} told"
    return f"{line}; with rules {_share(both, wanted)}, {_share(both_wrong, rest)}" if rules else line


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.0f} %)"


if __name__ == "__main__":
    sys.exit(main())
