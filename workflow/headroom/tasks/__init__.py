"""How a recording and what was observed of it become inputs and targets."""
