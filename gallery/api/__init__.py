"""The gallery below `/api/v1/`: typed input, one service, answer. One API: its form is that of generation."""
