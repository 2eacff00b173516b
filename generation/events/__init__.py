"""What happened to a job, as typed snapshots, and how it reaches the sockets. It reads no rows."""
