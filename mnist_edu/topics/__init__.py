"""What a lesson needs beyond the core; NumPy alone."""
