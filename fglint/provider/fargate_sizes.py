"""The sizes of tasks that Fargate sells.

Source: Amazon ECS Developer Guide, "Troubleshoot Amazon ECS task definition invalid CPU or memory
errors" and "Task CPU and memory" of the parameters for Fargate; read 2026-11.
"""

from __future__ import annotations

# CPU units (1024 = 1 vCPU) to the amounts of memory on sale with them, in MiB.
SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
LARGEST = max(SIZES)
WINDOWS = frozenset({1024, 2048, 4096})  # CPU units that Windows tasks may have


def memories(cpu: int, *, windows: bool = False) -> tuple[int, ...]:
    """The amounts of memory on sale with an amount of CPU units; none where it is not sold."""
    if windows and cpu not in WINDOWS:
        return ()
    return SIZES.get(cpu, ())
