"""The command line: argv in, exit code out. The only place that prints or exits."""
