"""The processor that a benchmark ran on, and the CPU time that it used."""

from __future__ import annotations

import os
import platform
import resource
from pathlib import Path

VECTOR_INSTRUCTIONS = (
    "sse4_2", "neon", "asimd", "asimddp", "i8mm", "sve", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f",
    "avx512bw", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16",
)  # fmt: skip
"""Flags of /proc/cpuinfo that the speed of matrices depends on."""


def describe_processor() -> str:
    """Return the model name of this processor, its vector instructions, and the number of cores."""
    told = Path("/proc/cpuinfo")
    facts = parse_processor(told.read_text(encoding="utf-8") if told.exists() else "")
    return f"{facts}, {os.cpu_count()} cores"


def parse_processor(cpuinfo: str) -> str:
    """Return the model name and the vector instructions told in the text of /proc/cpuinfo."""
    told: dict[str, str] = {}
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        told.setdefault(key.strip(), value.strip())
    name = told.get("model name") or platform.processor() or platform.machine()
    flags = (told.get("flags") or told.get("Features") or "").split()
    instructions = [flag for flag in VECTOR_INSTRUCTIONS if flag in flags]
    return f"{name} ({' '.join(instructions)})" if instructions else name


def cpu_seconds() -> float:
    """Return the CPU seconds, user and system, of this process and of those it waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
