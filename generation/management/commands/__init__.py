"""Commands about generation."""
