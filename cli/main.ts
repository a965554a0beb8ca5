#!/usr/bin/env node
/** Entry of the command line. */
import { tellFailure } from './failure.ts';
import { runProgram } from './program.ts';
import { surviveClosedPipes } from './terminal.ts';

surviveClosedPipes();
const args = process.argv.slice(2);
process.exitCode = await runProgram(args).catch((error) => tellFailure(error, args));
