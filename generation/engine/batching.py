"""Many trajectories, one forward pass: gather their rows, run the network, scatter the results.

Everything that differs between pictures (step, sampler, guidance, prompt) is a number or a row of the batch.
All arithmetic here is element by element, so a picture's bits do not depend on its company.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch

from generation.engine.families.base import Family
from generation.engine.sampling import guidance, noise
from generation.engine.state import Trajectory


def step_together(members: Sequence[Trajectory], family: Family) -> None:
    """Advance every member by one step of its own table.

    members: of one bucket, none with its stage done.

    Effects: changes the members' latents, estimates and step numbers; all of them, or none when anything raises.
    """
    latents = torch.stack([member.latents for member in members])
    rows, timesteps, text = _gather(members, latents)
    outputs = family.predict(members[0].bucket.network, rows, timesteps, text)
    guided = guidance.combine(outputs, [member.row_weights for member in members])
    denoised = _denoised(members, latents, guided, family.schedule.prediction)
    following = _update(members, latents, denoised)
    # Copies, or one picture would keep the whole batch in memory; all of them before the first member changes.
    copies = [(latent.clone(), estimate.clone()) for latent, estimate in zip(following, denoised, strict=True)]
    for member, (latent, estimate) in zip(members, copies, strict=True):
        member.latents, member.denoised = latent, estimate
        member.step += 1


def _gather(members: Sequence[Trajectory], latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rows of the forward pass: latents scaled to unit variance, timesteps, conditioning."""
    scale = _column(members, lambda m: 1 / math.hypot(m.next_step.sigma, 1), latents)
    repeats = torch.tensor([member.rows for member in members], device=latents.device)
    timesteps = torch.tensor([m.next_step.timestep for m in members], dtype=torch.float32, device=latents.device)
    rows = (latents * scale).repeat_interleave(repeats, dim=0)
    return rows, timesteps.repeat_interleave(repeats), torch.cat([member.text for member in members])


def _denoised(
    members: Sequence[Trajectory], latents: torch.Tensor, guided: torch.Tensor, prediction: str
) -> torch.Tensor:
    """The estimate of the clean latents (D), from noise (eps) or velocity (v); Salimans & Ho 2022 for the latter."""
    if prediction == "epsilon":
        return latents - guided * _column(members, lambda m: m.next_step.sigma, latents)
    skip = _column(members, lambda m: 1 / (m.next_step.sigma**2 + 1), latents)
    out = _column(members, lambda m: m.next_step.sigma / math.hypot(m.next_step.sigma, 1), latents)
    return latents * skip - guided * out


def _update(members: Sequence[Trajectory], latents: torch.Tensor, denoised: torch.Tensor) -> torch.Tensor:
    """`x' = a*x + b*D + c*D_prev + d*noise` with each member's own numbers."""
    following = latents * _column(members, lambda m: m.next_step.a, latents)
    following = following + denoised * _column(members, lambda m: m.next_step.b, latents)
    for i, member in enumerate(members):
        step = member.next_step
        if step.c:
            assert member.denoised is not None  # noqa: S101 -- tables lean on an older estimate after the first step only
            following[i] = following[i] + member.denoised * step.c
        if step.d:
            fresh = noise.draw(member.generator, member.bucket.latent_shape, latents.device)
            following[i] = following[i] + fresh * step.d
    return following


def _column(members: Sequence[Trajectory], number: Callable[[Trajectory], float], like: torch.Tensor) -> torch.Tensor:
    """One number per member as (members, 1, 1, 1), float32."""
    return torch.tensor([number(m) for m in members], dtype=torch.float32, device=like.device).view(-1, 1, 1, 1)
