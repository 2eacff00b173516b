"""What people do in the gallery: one button, one service."""
