"""Mutations of the reference stacks: one thing wrong, and the rules that say so."""

from __future__ import annotations

from mutations import network, service, start, traffic
from mutations.edits import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *start.MUTATIONS,
    *network.MUTATIONS,
    *traffic.MUTATIONS,
    *service.MUTATIONS,
)
