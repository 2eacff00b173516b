"""Sampling as arithmetic: schedules, noise, guidance, and one file per sampler.

A sampler turns a list of sigmas into a table of numbers (`tables.StepTable`); no state, no loop and
no network live here. Letters follow the papers: sigma, alpha, eps, denoised (D).
"""
