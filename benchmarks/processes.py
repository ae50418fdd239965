"""Whole processes measured from outside: seconds, CPU seconds, peak memory."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One process and its children. cpu: seconds of all cores; peak: MiB of the largest process."""

    seconds: float
    cpu: float
    peak: float
    code: int


def measure(command: Sequence[str]) -> Run:
    """Run a command without its output."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode)


def typical(command: Sequence[str], repeat: int) -> Run:
    """Return the run with the median CPU seconds; one run before it warms the caches."""
    measure(command)
    runs = sorted((measure(command) for _ in range(repeat)), key=lambda run: run.cpu)
    middle = runs[len(runs) // 2]
    return Run(statistics.median(run.seconds for run in runs), middle.cpu, max(run.peak for run in runs), middle.code)


def shown(name: str, run: Run) -> str:
    return f"{name:44} {run.seconds:7.2f} s {run.cpu:7.2f} CPU s {run.peak:7.0f} MiB  exit {run.code}"
