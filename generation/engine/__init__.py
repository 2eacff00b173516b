"""The engine: many people's pictures, advanced step by step in common forward passes.

Front door: `generation.engine.loop.Engine`, given families by `generation.engine.loading`. The room
knows tensors and networks; it deliberately knows no Django, Celery or Redis, no job and no person.
Importing this package loads nothing: torch comes with the modules that need it.
"""
