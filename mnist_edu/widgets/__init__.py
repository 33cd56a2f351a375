"""What every lab is made of: a picture that moves, controls, and how they reach the page."""
