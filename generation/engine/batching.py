"""Many trajectories, one forward pass: gather their rows, run the network, scatter the results.

Everything that differs between pictures (step, sampler, guidance, prompt) is a number or a row of the batch.
All arithmetic here is element by element or within one picture, so a picture's bits do not depend on its company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from generation.engine.families.base import Conditioning, Family
from generation.engine.sampling import guidance, guidance_rescale, noise
from generation.engine.state import Bucket, Trajectory
from generation.engine.tiles import run_in_tiles


def step_together(members: Sequence[Trajectory], family: Family) -> None:
    """Advance every member by one step of its own table.

    members: of one bucket, none with its stage done.

    Effects: changes the members' latents, estimates and step numbers; all of them, or none when anything raises.
    """
    latents = torch.stack([member.latents for member in members])
    guided = _guided(members, _outputs(members, latents, family))
    denoised = _denoised(members, latents, guided)
    _lead(members, denoised)
    with _noise_taken_back_on_failure(members):
        following = _update(members, latents, denoised)
        _put_back(members, following)
        # Copies, or one picture would keep the whole batch in memory; all of them before the first member changes.
        copies = [(latent.clone(), estimate.clone()) for latent, estimate in zip(following, denoised, strict=True)]
    for member, (latent, estimate) in zip(members, copies, strict=True):
        _move_on(member, latent, estimate)


def _gather(members: Sequence[Trajectory], latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Conditioning]:
    """The rows of the forward pass: latents as the network knows them, timesteps, conditioning."""
    scale = _column(members, lambda m: m.next_step.c_in, latents)
    repeats = torch.tensor([member.rows for member in members], device=latents.device)
    timesteps = torch.tensor([m.next_step.timestep for m in members], dtype=torch.float32, device=latents.device)
    shown = latents * scale
    if members[0].beside is not None:
        shown = torch.cat([shown, torch.stack([m.beside for m in members if m.beside is not None])], dim=1)
    if members[0].hint is not None:
        weights = _column(members, lambda m: m.control_weight, latents).expand(-1, 1, *latents.shape[2:])
        hints = torch.stack([m.hint for m in members if m.hint is not None])
        shown = torch.cat([shown, hints, weights], dim=1)
    rows = shown.repeat_interleave(repeats, dim=0)
    told = Conditioning.join([member.row_conditioning for member in members])
    return rows, timesteps.repeat_interleave(repeats), told


def _outputs(members: Sequence[Trajectory], latents: torch.Tensor, family: Family) -> torch.Tensor:
    """What the network says to each row, (rows, channels, h, w): to the whole, or to one tile after another."""
    bucket = members[0].bucket
    rows, timesteps, told = _gather(members, latents)
    with _wearing(bucket, family):
        if bucket.seamless:
            return family.predict(bucket.network, rows, timesteps, told, seamless=True)
        if bucket.tiling is None:
            return family.predict(bucket.network, rows, timesteps, told)
        return run_in_tiles(lambda tile: family.predict(bucket.network, tile, timesteps, told), rows, bucket.tiling)


def _wearing(bucket: Bucket, family: Family) -> AbstractContextManager[None]:
    """The network in what the bucket wears: one that wears nothing is not touched."""
    return family.network_wearing(bucket.outfit) if bucket.outfit else nullcontext()


def _guided(members: Sequence[Trajectory], outputs: torch.Tensor) -> torch.Tensor:
    """The guided output of each member, rescaled where it asks for it; (members, channels, h, w)."""
    guided = guidance.combine(outputs, [member.row_weights for member in members])
    end = 0
    for i, member in enumerate(members):
        end += member.rows
        if member.rescale:
            weights = member.guidance.positive_weights
            positive = guidance.combine(outputs[end - len(weights) : end], [weights])[0]
            guided[i] = guidance_rescale.rescale(guided[i], positive, member.rescale)
    return guided


def _denoised(members: Sequence[Trajectory], latents: torch.Tensor, guided: torch.Tensor) -> torch.Tensor:
    """The estimate of the clean latents (D), whatever the network predicts: `c_skip*x + c_out*output`."""
    skip = _column(members, lambda m: m.next_step.c_skip, latents)
    out = _column(members, lambda m: m.next_step.c_out, latents)
    return latents * skip + guided * out


def _lead(members: Sequence[Trajectory], denoised: torch.Tensor) -> None:
    """Lead the estimates of those that have a style or keep a part; changes `denoised` (members, channels, h, w)."""
    for i, member in enumerate(members):
        if member.style is not None:
            way_done = 1 - member.next_step.timestep / member.guidance.trained_timesteps
            denoised[i] = member.style.lead(denoised[i].clone(), way_done)
        if member.kept is not None:
            denoised[i] = member.kept.in_estimate(denoised[i])


def _put_back(members: Sequence[Trajectory], following: torch.Tensor) -> None:
    """Put what a picture keeps back into its next latents, under noise of their level; changes `following`."""
    for i, member in enumerate(members):
        if member.kept is not None and member.noise is not None:
            level = member.table.level_before(member.step + 1)
            following[i] = member.kept.in_latents(following[i], member.noise, level)


def _update(members: Sequence[Trajectory], latents: torch.Tensor, denoised: torch.Tensor) -> torch.Tensor:
    """`x' = a*x + b*D + c*D_prev + d*noise + e*D_prev2` with each member's own numbers.

    Effects: advances the generators of those whose step has noise.
    """
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
        if step.e:
            assert member.denoised_before is not None  # noqa: S101 -- kept by the step before
            following[i] = following[i] + member.denoised_before * step.e
    return following


def _move_on(member: Trajectory, latents: torch.Tensor, denoised: torch.Tensor) -> None:
    """Put a member at its next step; the estimate before stays in memory only where that step leans on it."""
    before, member.latents, member.denoised = member.denoised, latents, denoised
    member.step += 1
    if member.stage_is_done and member.table.is_cut:
        member.latents = denoised
    leans_twice = not member.stage_is_done and member.next_step.e != 0
    member.denoised_before = before if leans_twice else None


@contextmanager
def _noise_taken_back_on_failure(members: Sequence[Trajectory]) -> Iterator[None]:
    """Let those whose step failed, as when memory runs out, draw the same noise when it is tried again."""
    drawing = [member.generator for member in members if member.next_step.d]
    states = [generator.get_state() for generator in drawing]
    try:
        yield
    except BaseException:
        for generator, state in zip(drawing, states, strict=True):
            generator.set_state(state)
        raise


def _column(members: Sequence[Trajectory], number: Callable[[Trajectory], float], like: torch.Tensor) -> torch.Tensor:
    """One number per member as (members, 1, 1, 1), float32."""
    return torch.tensor([number(m) for m in members], dtype=torch.float32, device=like.device).view(-1, 1, 1, 1)
