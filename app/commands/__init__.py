"""The subcommands of `plainline`, one module each: HELP, `arguments(parser)` and `run(args)` -> exit code."""
