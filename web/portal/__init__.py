"""The portal: what clients see, and how they come in."""
