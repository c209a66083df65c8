"""What collectors share: which files a tool must look at, how it gets their text, what it left, what its exit means."""
