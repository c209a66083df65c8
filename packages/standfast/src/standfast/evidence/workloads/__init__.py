"""How containers and processes are started, watched and stopped, by the files that say so."""
