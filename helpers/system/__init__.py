"""The operating system: signals, processes, files, disks and the clock."""
