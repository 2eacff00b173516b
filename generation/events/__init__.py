"""What happened to jobs and pictures, as typed events, and how it reaches the sockets. It reads no rows."""
