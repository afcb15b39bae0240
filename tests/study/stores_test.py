"""What the command line does with stores: killed, in shards, two at a time, on a full disk."""

import functools
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

# Some tests call them from another folder
handgrad = str(Path(sys.argv.pop(1)).resolve())
scripts = Path(sys.argv.pop(1)).resolve()

# Small enough for seconds, with runs long enough to be killed in
DESIGN = ("--epochs", "1", "--seeds", "1", "--studies", "depth,activation", "--draws", "8",
          "--every", "400")


def command(*arguments: str) -> list[str]:
    return [handgrad, *arguments]


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=250,
                          **options)


def count(store: Path) -> int:
    """How many runs a store has; 0 where there is none yet."""
    if not store.exists():
        return 0
    with sqlite3.connect(store, timeout=60) as connection:
        try:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # its table is not made yet


@functools.cache
def whole() -> bytes:
    """The results of a sweep that nothing disturbed."""
    with tempfile.TemporaryDirectory(prefix="handgrad-stores-") as folder:
        out = Path(folder) / "whole.json"
        done = run("sweep", *DESIGN, "--out", str(out))
        assert done.returncode == 0, done.stderr
        return out.read_bytes()


@functools.cache
def total() -> int:
    """How many runs that sweep has."""
    return int(re.search(rb'"totals":{"runs":(\d+),', whole())[1])


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="handgrad-stores-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def refused(self, sentence: str, *arguments: str, **options):
        done = run(*arguments, **options)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(sentence, done.stderr)


class Killed(InFolder):
    def test_killed_at_any_moment_it_goes_on_where_it_was(self):
        expected = whole()
        out, store = self.folder / "results.json", self.folder / "results.db"
        arguments = command("sweep", *DESIGN, "--out", str(out))
        moments = random.Random(1)
        kept = 0
        kills = 0
        for attempt in range(6):
            process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
            time.sleep(moments.uniform(0.01, 0.15))
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += process.returncode == -signal.SIGKILL
            # Whatever moment it was: the file is sound, and no run is lost that was there
            if store.exists():
                with sqlite3.connect(store, timeout=60) as connection:
                    self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(),
                                     ("ok",))
            now = count(store)
            self.assertGreaterEqual(now, kept)
            kept = now
        self.assertGreater(kills, 0)
        self.assertGreater(kept, 0)
        done = run("sweep", *DESIGN, "--out", str(out))
        self.assertEqual(done.returncode, 0, done.stderr)
        # What was there was not made again
        self.assertIn(f"; {total() - kept} runs were made now", done.stdout)
        self.assertEqual(out.read_bytes(), expected)

    def test_interrupted_it_says_how_to_go_on(self):
        out, store = self.folder / "results.json", self.folder / "results.db"
        process = subprocess.Popen(command("sweep", "--out", str(out)), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while count(store) == 0 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(output, "")
        self.assertEqual(errors, f"handgrad: stopped; {count(store)} runs were made and are in the "
                                 f"store \"{store}\"; call the same command again and it goes on "
                                 "from there\n")
        self.assertFalse(out.exists())


class TwoAtOneStore(InFolder):
    def test_both_write_the_same_results_and_share_the_work(self):
        expected = whole()
        store = self.folder / "shared.db"
        outs = [self.folder / f"{name}.json" for name in ("one", "two")]
        processes = [subprocess.Popen(command("sweep", *DESIGN, "--threads", "1", "--out", str(out),
                                              "--store", str(store)),
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                     for out in outs]
        for process in processes:
            _, errors = process.communicate(timeout=250)
            self.assertEqual(process.returncode, 0, errors)
        for out in outs:
            self.assertEqual(out.read_bytes(), expected)
        self.assertEqual(count(store), total())


class Shards(InFolder):
    def test_gnu_parallel(self):
        if shutil.which("parallel") is None:
            self.skipTest("GNU parallel is not installed (Debian's package parallel)")
        expected = whole()
        out = self.folder / "results.json"
        done = subprocess.run(["sh", str(scripts / "parallel.sh"), handgrad, "2", str(out), *DESIGN],
                              capture_output=True, text=True, timeout=250, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # The shards left it the three winners, or fewer where one wins twice
        self.assertRegex(done.stdout, "; [1-3] runs were made now")
        self.assertEqual(out.read_bytes(), expected)

    def test_merge_tells_what_was_new(self):
        parts = [self.folder / "a.db", self.folder / "b.db"]
        for number, part in enumerate(parts, 1):
            done = run("sweep", *DESIGN, "--shard", f"{number}/2", "--store", str(part))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"shard {number}/2: {count(part)} runs made, into {part}\n", done.stdout)
        into = self.folder / "c.db"
        done = run("merge", *map(str, parts), "--into", str(into))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"{parts[0]}: {count(parts[0])} new runs\n"
                                      f"{parts[1]}: {count(parts[1])} new runs\n"
                                      f"{into}: {count(parts[0]) + count(parts[1])} runs\n")


class BadInput(InFolder):
    def test_sentences(self):
        notes = self.folder / "notes.txt"
        notes.write_text("no store " * 1000)
        out, store = str(self.folder / "results.json"), str(self.folder / "runs.db")
        self.refused("--out is missing, it must be the file to write", "sweep")
        self.refused("is no store of runs, it is another kind of file",
                     "sweep", "--out", out, "--store", str(notes))
        self.refused("cannot be opened: the file or its folder is not there",
                     "sweep", "--out", out, "--store", str(self.folder / "none" / "runs.db"))
        self.refused("--shard is \"5/4\", it may be i/n",
                     "sweep", "--shard", "5/4", "--store", store)
        self.refused("--store is missing", "sweep", "--shard", "1/4")
        self.refused("--out and --shard are both given",
                     "sweep", "--shard", "1/4", "--out", out)
        self.refused("--draws: \"many\" is not a whole number",
                     "sweep", "--out", out, "--draws", "many")
        self.refused("is no store of runs", "merge", str(notes), "--into", store)
        self.refused("--into is required", "merge", str(notes))
        self.refused("store is required", "merge", "--into", store)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["notes.txt"])

    def test_a_folder_that_may_not_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.refused("may not be used", "sweep", "--shard", "1/2",
                     "--store", str(self.folder / "runs.db"))

    def test_a_store_that_may_only_be_read(self):
        store = self.folder / "runs.db"
        run("sweep", *DESIGN, "--shard", "1/9",
            "--store", str(store))
        before = store.read_bytes()
        store.chmod(0o400)
        if os.access(store, os.W_OK):
            self.skipTest("root may write everywhere")
        self.refused("cannot be written, it may only be read", "sweep", "--shard", "2/9",
                     "--store", str(store))
        self.assertEqual(store.read_bytes(), before)

    def test_a_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        small = ["mount", "-t", "tmpfs", "-o", "size=250k", "none", str(disk)]
        # A file system of our own, seen by this process alone
        unshared = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
        if shutil.which("unshare") is None or subprocess.run(
                [*unshared, '"$@"', "sh", *small], capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        script = ('mount -t tmpfs -o size=250k none disk || exit 99; '
                  '"$@" --store disk/runs.db; echo "ended with $?"; '
                  # Room is made, and the same command goes on
                  'mkdir kept; cp disk/runs.db* kept; mount -o remount,size=400m disk; '
                  '"$@" --store disk/runs.db; echo "ended with $?"')
        done = subprocess.run([*unshared, script, "sh", handgrad, "sweep", *DESIGN,
                               "--out", "results.json"],
                              cwd=self.folder, capture_output=True, text=True, timeout=250)
        self.assertIn("ended with 2\n", done.stdout, done.stderr)
        self.assertEqual(done.stderr, "handgrad: the store \"disk/runs.db\" cannot be written, the "
                                      "disk is full; the runs that it holds stay, so make room and "
                                      "call the same command again\n")
        kept = count(self.folder / "kept" / "runs.db")
        self.assertGreater(kept, 0)
        self.assertIn("ended with 0\n", done.stdout)
        self.assertIn(f"; {total() - kept} runs were made now", done.stdout)
        self.assertEqual((self.folder / "results.json").read_bytes(), whole())


if __name__ == "__main__":
    unittest.main()
