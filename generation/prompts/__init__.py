"""The prompt language: reads what a person typed into a frozen `PromptSpec`, and writes it back.

Front door: `parser.parse` (text to spec, or every problem at once), `parser.check` (the same without
raising, for the imagine bar), `parser.scan` (columns to color), `canonical.canonical` (spec to text) and
`help.help_rows` (the help page). One table, `parameters.PARAMETERS`, drives all of them.

The room is pure Python. It knows no checkpoint, no picture sizes, no account and no database: what a
person's defaults or a model's limits make of a spec is decided by the job rules.
"""
