"""Run the whole product on one machine with one command.

Front doors: `mjweb.local.up.run_everything` (what `make run` does) and `mjweb.local.servers.LocalServers`
(only PostgreSQL and Valkey, for tests). The room knows processes, folders and sockets; it deliberately
knows no jobs, no models and, outside its management command, no Django: it must be able to say in one
sentence what is wrong when nothing else works yet.
"""
