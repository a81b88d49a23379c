#!/usr/bin/env python3
"""Speed and size of the built programs, as ratios within one run.

Makes throw-away vaults through the released command line, drives it warm, and sets every number
beside a yardstick measured in the same run: `ssh-add -l` on a warm ssh-agent, and keepassxc-cli on
a database of the same size. Nothing here is asserted by a test: times are compared, not trusted.

Usage: warm.py PATH-OF-STRONGROOM [--quick] [--json FILE]
Needs hyperfine, openssh-client and keepassxc (scripts/install-packages.sh --bench).
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import shutil
import string
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

PASSWORD = "correct horse battery staple 42"
EXCHANGES = ["binance", "bybit", "okx", "kraken", "kucoin", "gate", "bitget", "mexc"]


def totp(otpauth: str, now: float) -> str:
    """The six digits of RFC 6238 for an otpauth URI."""
    seed = urllib.parse.parse_qs(urllib.parse.urlparse(otpauth).query)["secret"][0]
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def piped(text: str) -> int:
    """A descriptor from which `text` can be read once."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    os.set_inheritable(read, True)
    return read


class Bench:
    def __init__(self, program: Path, quick: bool):
        self.program = program
        self.quick = quick
        self.rows = []
        self.home = Path(tempfile.mkdtemp(prefix="strongroom-bench-"))
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": str(runtime),
            "LANG": "C.UTF-8",
        }

    def report(self, what: str, value: float, unit: str, limit=None, note: str = ""):
        """One line: what was measured and, where there is a target, whether it holds."""
        held = None if limit is None else value <= limit
        self.rows.append({"what": what, "value": round(value, 3), "unit": unit, "limit": limit, "held": held, "note": note})
        sign = {None: "     ", True: "holds", False: "OVER "}[held]
        target = "" if limit is None else f"  (target {limit:g} {unit})"
        print(f"{sign}  {what}: {value:.2f} {unit}{target}  {note}", flush=True)

    def run(self, *words, descriptors=(), check=True, **more):
        result = subprocess.run(
            [str(word) for word in words], env=self.environment, pass_fds=descriptors,
            capture_output=True, text=True, **more)
        for descriptor in descriptors:
            os.close(descriptor)
        if check and result.returncode != 0:
            sys.exit(f"{words[0]} {words[1] if len(words) > 1 else ''} failed: {result.stderr}")
        return result

    def vault(self, name: str, keys: int) -> dict:
        """A vault of `keys` keys, unlocked, its agent running."""
        password = piped(PASSWORD + "\n")
        code_read, code_write = os.pipe()
        process = subprocess.Popen(
            [str(self.program), "init", "--vault", name, "--json", "--device-secret", "file",
             "--kdf-mib", "256", "--password-fd", str(password), "--totp-fd", str(code_read)],
            env=self.environment, pass_fds=(password, code_read), stdout=subprocess.PIPE, text=True)
        otpauth = json.loads(process.stdout.readline())["otpauth"]
        os.write(code_write, (totp(otpauth, time.time()) + "\n").encode())
        os.close(code_write)
        process.communicate()
        os.close(password)
        os.close(code_read)
        if process.returncode != 0:
            sys.exit("the vault could not be made")
        source = self.home / f"{name}.csv"
        source.write_text(self.csv(keys))
        begun = time.monotonic()
        self.run(self.program, "import", source, "--vault", name, "--yes", "--json")
        print(f"       {keys} keys imported in {time.monotonic() - begun:.1f} s", flush=True)
        source.unlink()
        return {"name": name, "otpauth": otpauth, "keys": keys}

    def csv(self, keys: int) -> str:
        """Invented keys of the right shapes; the same ones every time."""
        letters = random.Random(7)
        text = ["label,exchange,account,environment,apiKey,secret"]
        for index in range(keys):
            key, secret = ("".join(letters.choices(string.ascii_letters + string.digits, k=64)) for _ in range(2))
            exchange = EXCHANGES[index % len(EXCHANGES)]
            text.append(f"{exchange}-bot-{index:05d},{exchange},desk-{index % 40},production,{key},{secret}")
        return "\n".join(text) + "\n"

    def hyperfine(self, commands: dict, runs: int) -> dict:
        """Median seconds by name; all commands of one table are measured in one run."""
        out = self.home / "hyperfine.json"
        words = ["hyperfine", "-N", "--style", "none", "--warmup", "5", "--runs", str(runs), "--export-json", str(out)]
        for name, command in commands.items():
            words += ["-n", name, command]
        self.run(*words)
        return {row["command"]: row["median"] for row in json.loads(out.read_text())["results"]}

    def ssh_agent(self):
        """A warm ssh-agent with one key."""
        key = self.home / "id"
        self.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        answer = self.run("ssh-agent", "-s").stdout
        for line in answer.splitlines():
            if "=" in line:
                name, value = line.split(";")[0].split("=", 1)
                self.environment[name] = value
        self.run("ssh-add", "-q", key)

    def keepassxc(self, entries: int) -> Path:
        """A KDBX database of the same keys, its key derivation at keepassxc-cli's least."""
        groups = []
        letters = random.Random(7)
        for index in range(entries):
            key, secret = ("".join(letters.choices(string.ascii_letters + string.digits, k=64)) for _ in range(2))
            exchange = EXCHANGES[index % len(EXCHANGES)]
            strings = {"Title": f"{exchange}-bot-{index:05d}", "UserName": key, "Password": secret}
            inner = "".join(f"<String><Key>{name}</Key><Value>{value}</Value></String>" for name, value in strings.items())
            uuid = base64.b64encode(hashlib.md5(str(index).encode()).digest()).decode()
            groups.append(f"<Entry><UUID>{uuid}</UUID>{inner}</Entry>")
        root = base64.b64encode(bytes(15) + b"\x01").decode()
        xml = self.home / f"{entries}.xml"
        xml.write_text(
            '<?xml version="1.0" encoding="UTF-8"?><KeePassFile><Meta><Generator>bench</Generator></Meta><Root>'
            f"<Group><UUID>{root}</UUID><Name>Root</Name>{''.join(groups)}</Group></Root></KeePassFile>")
        database = self.home / f"{entries}.kdbx"
        self.run("keepassxc-cli", "import", "-p", xml, database, input=f"{PASSWORD}\n{PASSWORD}\n")
        return database

    def agent_pid(self, name: str) -> int:
        return json.loads(self.run(self.program, "status", "--vault", name, "--json").stdout)["agent_pid"]

    @staticmethod
    def resident_mib(pid: int) -> float:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def settled_mib(self, pid: int) -> float:
        """Once the agent has looked at what is due, for which it opens the index for a moment."""
        before = 0.0
        for _ in range(20):
            time.sleep(0.5)
            now = self.resident_mib(pid)
            if now == before:
                break
            before = now
        return now

    @staticmethod
    def switches(pid: int) -> dict:
        """How often each thread of a process gave up the processor to wait."""
        counts = {}
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                fields = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
            except OSError:
                continue  # it ended meanwhile
            counts[task.name] = (fields["Name"].strip(), int(fields["voluntary_ctxt_switches"]))
        return counts

    def wakeups(self, pid: int, when: str):
        """Wake-ups a second once what was asked has settled, with the threads they came in. A thread
        that ends takes its count with it: threads are compared one by one, never sums of all."""
        time.sleep(5)
        before = self.switches(pid)
        time.sleep(10)
        after = self.switches(pid)
        woken = {thread: count - before.get(thread, ("", 0))[1] for thread, (_, count) in after.items()}
        woken |= {thread: 1 for thread in before if thread not in after}
        names = ", ".join(sorted(f"{(after | before)[thread][0]} {count}" for thread, count in woken.items() if count))
        self.report(f"wake-ups while idle, {when}", sum(woken.values()) / 10, "a second", 0, names)

    def warm(self):
        self.ssh_agent()
        runs = 30 if self.quick else 200
        small, large = self.vault("small", 1_000), self.vault("large", 10_000)
        program = str(self.program)
        label = "binance-bot-00000"
        table = self.hyperfine({
            "ssh-add -l": "ssh-add -l",
            "status": f"{program} status --vault small",
            "show": f"{program} show {label} --vault small",
            "list 1,000": f"{program} list --vault small --json",
            "search 10,000": f"{program} list --text 09999 --vault large",
            "show 10,000": f"{program} show {label} --vault large",
        }, runs)
        yardstick = table["ssh-add -l"]
        self.report("ssh-add -l, the yardstick", yardstick * 1000, "ms")
        for name, limit in [("status", 2), ("show", 2), ("list 1,000", 4), ("search 10,000", None), ("show 10,000", None)]:
            self.report(name, table[name] / yardstick, "x ssh-add", limit, f"{table[name] * 1000:.2f} ms")

        pid = self.agent_pid("large")
        self.report("agent, vaults of 1,000 and 10,000 keys open", self.resident_mib(pid), "MiB")
        self.run(program, "lock", "--vault", "small")
        self.report("agent, 10,000 keys open", self.resident_mib(pid), "MiB", 80)
        self.wakeups(pid, "open")
        self.run(program, "lock", "--vault", "large")
        self.report("agent, locked after 10,000 keys", self.settled_mib(pid), "MiB", 20)
        self.wakeups(pid, "locked")
        self.run(program, "agent", "stop")
        fresh = self.agent_pid("large")
        self.report("agent, locked", self.resident_mib(fresh), "MiB", 20)
        self.run(program, "agent", "stop")
        self.report("strongroom, release binary", self.program.stat().st_size / 2**20, "MiB", 15)

    def beside(self):
        """keepassxc-cli at the same sizes: reported, not raced."""
        for entries in (1_000, 10_000):
            database = self.keepassxc(entries)
            for words in (["ls"], ["search"], ["show"], ["add"]):
                arguments = {
                    "ls": [database], "search": [database, "00999"],
                    "show": [database, "binance-bot-00000"], "add": [database, "one-more", "-u", "key"],
                }[words[0]]
                times = []
                for _ in range(3):
                    begun = time.monotonic()
                    self.run("keepassxc-cli", *words, "-q", *arguments, input=f"{PASSWORD}\n", check=False)
                    times.append(time.monotonic() - begun)
                    if words[0] == "add":
                        self.run("keepassxc-cli", "rm", "-q", database, "one-more", input=f"{PASSWORD}\n", check=False)
                self.report(f"keepassxc-cli {words[0]}, {entries:,} entries", sorted(times)[1] * 1000, "ms")

    def close(self):
        self.run(self.program, "agent", "stop", check=False)
        if "SSH_AGENT_PID" in self.environment:
            self.run("ssh-agent", "-k", check=False)
        shutil.rmtree(self.home, ignore_errors=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--quick", action="store_true", help="fewer runs of each command")
    arguments.add_argument("--json", type=Path, help="write the rows here as well")
    chosen = arguments.parse_args()
    bench = Bench(chosen.program.resolve(), chosen.quick)
    try:
        bench.warm()
        bench.beside()
    finally:
        bench.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(bench.rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
