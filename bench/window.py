#!/usr/bin/env python3
"""Start, memory and quiet of the desktop program, as ratios within one run.

Beside a floor (bench/floor: one WebKitGTK window with a static page) and KeePassXC. A window counts
as started when it is on the screen and its page is drawn: when its picture has more than the
colours of an empty ground and has the same twice. Times are compared, never asserted by a test.

Usage: window.py DESKTOP-PROGRAM FLOOR-PROGRAM [--runs N]; `strongroom` must lie beside the first.
Needs Xvfb, xdotool, dbus-run-session and keepassxc; run it on an otherwise idle machine.
"""

import argparse
import ctypes
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import warm  # noqa: E402  (makes a vault and reads processes the same way)


class Screen:
    """Pictures of windows, by Xlib itself: a program a picture would cost more than is measured."""

    class Image(ctypes.Structure):
        _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int),
                    ("format", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_char)),
                    ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
                    ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int),
                    ("depth", ctypes.c_int), ("bytes_per_line", ctypes.c_int)]

    def __init__(self, display: str):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self.x11.XGetImage.restype = ctypes.POINTER(self.Image)
        self.x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int,
                                       ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
        self.x11.XDestroyImage.argtypes = [ctypes.c_void_p]
        self.display = self.x11.XOpenDisplay(display.encode())
        self.root = self.x11.XDefaultRootWindow(self.display)

    def picture(self) -> bytes:
        """The middle of the screen, where a small window stands: every eighth line of it."""
        image = self.x11.XGetImage(self.display, self.root, 490, 160, 300, 320, (1 << 32) - 1, 2)
        line, start = image.contents.bytes_per_line, ctypes.addressof(image.contents.data.contents)
        lines = [ctypes.string_at(start + at * line, line) for at in range(0, image.contents.height, 8)]
        self.x11.XDestroyImage(image)
        return b"".join(lines)

    def is_drawn(self) -> bool:
        """Text has many shades; an empty window or screen has few."""
        return len(set(memoryview(self.picture()).cast("I"))) > 24


def pss_mib(pids) -> float:
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def family(pid: int):
    """A process and all that it started, the agent among them where it did."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
            except OSError:
                continue
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


def everything(window: int, agent: int):
    """The window's processes and the agent, each once: the window may have started the agent."""
    return sorted({*family(window), agent})


def switches(pids) -> dict:
    """Context switches of each thread, by process and thread."""
    counts = {}
    for pid in pids:
        for status in Path(f"/proc/{pid}/task").glob("*/status"):
            try:
                fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            except OSError:
                continue  # it ended meanwhile
            name = f"{Path(f'/proc/{pid}/comm').read_text().strip()}/{fields['Name'].strip()}"
            both = int(fields["voluntary_ctxt_switches"]) + int(fields["nonvoluntary_ctxt_switches"])
            counts[pid, status.parent.name] = (name, both)
    return counts


class WindowBench(warm.Bench):
    def __init__(self, desktop: Path, floor: Path, runs: int):
        super().__init__(desktop.with_name("strongroom"), quick=False)
        self.desktop, self.floor, self.runs = desktop, floor, runs
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        display = ":" + os.read(read, 16).decode().strip()
        self.environment.update({
            "DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1", "NO_AT_BRIDGE": "1"})
        self.screen = Screen(display)

    def start(self, *command):
        """Starts a program, waits until its window is drawn: the process and how long it took."""
        begun = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        while not self.screen.is_drawn():
            if time.monotonic() - begun > 60:
                sys.exit(f"{command[0]} shows no window")
            # Looking is work too, and takes from what is looked at.
            time.sleep(0.004)
        return process, time.monotonic() - begun

    def stop(self, process):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        while self.screen.is_drawn():
            time.sleep(0.01)

    def starts(self):
        ours = (self.desktop, "--vault", self.vault_folder)
        programs = {"floor": (self.floor,), "strongroom-desktop": ours}
        if shutil.which("keepassxc"):
            programs["keepassxc"] = ("keepassxc",)
        times = {name: [] for name in programs}
        for _ in range(self.runs):
            for name, command in programs.items():
                process, took = self.start(*command)
                times[name].append(took)
                self.stop(process)
        medians = {name: statistics.median(one) for name, one in times.items()}
        self.report("start of the floor", medians["floor"] * 1000, "ms")
        self.report("start to the unlock window", medians["strongroom-desktop"] / medians["floor"],
                    "x floor", 1.3, f"{medians['strongroom-desktop'] * 1000:.0f} ms")
        if "keepassxc" in medians:
            self.report("start of KeePassXC", medians["keepassxc"] * 1000, "ms")

    def memory_and_quiet(self):
        process, _ = self.start(self.floor)
        time.sleep(3)
        floor = pss_mib(family(process.pid))
        self.report("floor, proportional memory", floor, "MiB")
        self.stop(process)
        process, _ = self.start(self.desktop, "--vault", self.vault_folder)
        time.sleep(3)
        agent = self.agent_pid(self.vault_folder)
        ours = everything(process.pid, agent)
        self.report("all our processes over the floor", pss_mib(ours) - floor, "MiB", 60,
                    f"{pss_mib(ours):.0f} MiB, before the first unlock")
        # Opened and locked by the command line, the window's page has gone there and back.
        self.unlock()
        time.sleep(4)
        opened = everything(process.pid, agent)
        self.report("the same with the list open", pss_mib(opened) - floor, "MiB", 60,
                    f"{pss_mib(opened):.0f} MiB")
        self.run(self.program, "lock", "--vault", self.vault_folder)
        time.sleep(14)
        ours = everything(process.pid, agent)
        self.report("the same, locked again", pss_mib(ours) - floor, "MiB", 60, f"{pss_mib(ours):.0f} MiB")
        window = self.run("xdotool", "search", "--onlyvisible", "--name", "Strongroom").stdout.split()
        self.run("xdotool", "windowunmap", window[0])
        time.sleep(5)
        before = switches(ours)
        time.sleep(60)
        after = switches(ours)
        # Thread by thread: one that ends takes its count with it.
        woken = {name: 0 for name, _ in after.values()}
        for thread, (name, count) in after.items():
            woken[name] += count - before.get(thread, ("", 0))[1]
        most = sorted(((count, name) for name, count in woken.items() if count), reverse=True)[:6]
        self.report("context switches, locked and hidden", sum(woken.values()) / 60, "a second", 2,
                    ", ".join(f"{name} {count}" for count, name in most))
        self.stop_hidden(process)

    @staticmethod
    def stop_hidden(process):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()

    def window(self):
        vault = self.vault("window", 20)
        self.vault_folder = self.folder_of(vault["name"])
        self.otpauth = vault["otpauth"]
        # The window starts the agent, as it does for a person.
        self.run(self.program, "agent", "stop")
        self.starts()
        self.memory_and_quiet()

    def unlock(self):
        """A code counts once: the next one is waited for where the last was used for the vault."""
        time.sleep(30 - time.time() % 30)
        password, code = warm.piped(warm.PASSWORD + "\n"), warm.piped(warm.totp(self.otpauth, time.time()) + "\n")
        self.run(self.program, "unlock", "--vault", self.vault_folder, "--password-fd", password,
                 "--totp-fd", code, descriptors=(password, code))

    def folder_of(self, name: str) -> str:
        """Where a vault of this name stands, as the agent says."""
        return json.loads(self.run(self.program, "status", "--vault", name, "--json").stdout)["vault"]

    def close(self):
        super().close()
        self.server.terminate()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("desktop", type=Path)
    arguments.add_argument("floor", type=Path)
    arguments.add_argument("--runs", type=int, default=10)
    chosen = arguments.parse_args()
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])
    bench = WindowBench(chosen.desktop.resolve(), chosen.floor.resolve(), chosen.runs)
    bench.environment["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    os.chdir(bench.home)
    try:
        bench.window()
    finally:
        bench.close()


if __name__ == "__main__":
    main()
