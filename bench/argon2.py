#!/usr/bin/env python3
"""Argon2id at 256 MiB, 3 passes, 4 lanes: ours beside Debian's libargon2, in turns, same tag.

Usage: argon2.py PATH-OF-EXAMPLE (crates/crypto/examples/argon2_time.rs, built for release)
"""

import re
import statistics
import subprocess
import sys

ROUNDS = 7
LIMIT = 0.7
THEIRS = ["argon2", "strongroom-bench-salt-of-32-byte", "-id", "-t", "3", "-k", "262144", "-p", "4"]


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"expected {pattern!r} in: {text}")
    return match.group(1)


def main():
    ours, theirs = [], []
    for _ in range(ROUNDS):
        text = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
        ours.append(float(found(r"seconds ([0-9.]+)", text)))
        tag = found(r"tag ([0-9a-f]+)", text)
        text = subprocess.run(THEIRS, input="strongroom bench", check=True, capture_output=True, text=True).stdout
        theirs.append(float(found(r"([0-9.]+) seconds", text)))
        if found(r"Hash:\s+([0-9a-f]+)", text) != tag:
            sys.exit("the tags differ: these times compare nothing")
    ratio = statistics.median(ours) / statistics.median(theirs)
    sign = "holds" if ratio <= LIMIT else "OVER "
    print(f"{sign}  Argon2id 256 MiB: {ratio:.2f} x libargon2  (target {LIMIT} x)  "
          f"{statistics.median(ours):.3f} s beside {statistics.median(theirs):.3f} s")


if __name__ == "__main__":
    main()
