"""What templates of both product rooms need to show pictures."""
