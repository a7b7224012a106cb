"""What the sender of a file is told of it, in Swedish and English, without a value."""
