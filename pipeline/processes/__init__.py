"""How child processes are started."""
