"""Settings by situation: `development` (what `make run` uses), `production` and `test`, all on top of `base`."""
