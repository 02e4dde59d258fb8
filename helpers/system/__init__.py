"""The operating system: signals, processes, files, disks, the clock."""
