"""Systems: each file simulates one, or reads a recording of one."""
