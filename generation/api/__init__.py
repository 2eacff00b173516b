"""REST: the same services as the pages, as JSON.

Front door: `urls`. One file per thing (`jobs`, `images`, `prompts`), on top of `base` (failures, bounded bodies,
pages), `inputs` (strict), `outputs` and `schema`. It knows no page, socket or worker.
"""
