"""The command line: one file per verb's room, no arithmetic. The door is `comity.cli.main.main`."""
