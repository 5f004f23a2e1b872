"""What every command needs of the machine and of the project: files, hashes, lock, child processes, cache, record."""
