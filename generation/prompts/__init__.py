"""The prompt language: reads what a person typed into frozen `PromptSpec`s, and writes them back.

Front doors: `permutations.expand` (a typed text to the prompts that it stands for) and `permutations.check_all` (the
same without raising, for the imagine bar); `parser.parse` and `parser.check` for one prompt; `defaults.with_defaults`;
`canonical.canonical` (spec to text); `a1111.import_a1111`; `help.help_rows` (the help page). One table,
`parameters.PARAMETERS`, drives all of them; docs/prompts.md tells the language.

The room is pure Python. It knows no checkpoint, no picture sizes, no account and no database: what a
person's defaults or a model's limits make of a spec is decided by the job rules.
"""
