"""The explorers and live labs: a module each, its notebook's number first."""
